import { plainOf } from "./marks";
import { Reader } from "./reader";

/** A resource as rules are given it. Properties may be in any form in which Pulumi hands them over. */
export interface Resource {
  readonly urn: string;
  /** Type token, such as `vault:index/mount:Mount`. */
  readonly type: string;
  readonly name: string;
  /** What the program declares. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What the provider made of it; absent where only the declaration is at hand. */
  readonly outputs?: Readonly<Record<string, unknown>> | undefined;
  /** Whether Pulumi refuses to delete it; absent where that is not told. */
  readonly isProtected?: boolean | undefined;
  /** URNs of the resources that an input was made of, by the input's name. */
  readonly madeOf?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** One resource with its properties, as a rule judges it. */
export class Subject extends Reader {
  readonly urn: string;
  readonly name: string;
  /** Type token without the version of its API: one rule serves all of them. */
  readonly type: string;
  readonly isProtected: boolean | undefined;
  private readonly madeOf: Readonly<Record<string, readonly string[]>>;

  constructor(resource: Resource, properties: Readonly<Record<string, unknown>>) {
    super(plainOf(properties), [], resource.urn);
    this.urn = resource.urn;
    this.name = resource.name;
    this.type = typeWithoutVersion(resource.type);
    this.isProtected = resource.isProtected;
    this.madeOf = resource.madeOf ?? {};
  }

  /** Whether an input was made of another resource's properties. */
  isMadeOf(input: string, other: Subject): boolean {
    return this.madeOf[input]?.includes(other.urn) === true;
  }

  /** Name of the stack that the resource belongs to. */
  get stack(): string {
    return stackOf(this.urn);
  }
}

/** Name of the stack in `urn:pulumi:<stack>::<project>::<type>::<name>`. */
export function stackOf(urn: string): string {
  return /^urn:pulumi:([^:]+)::/.exec(urn)?.[1] ?? "";
}

/** `kubernetes:apps/v1:Deployment` and `azure-native:keyvault/v20230701:Vault` without `/v1` and `/v20230701`. */
export function typeWithoutVersion(type: string): string {
  return type.replace(/\/v\d\w*(?=:)/, "");
}
