import type { InputFailure, PlainMap } from "../../engine/resource-type";
import type { Azure } from "../azure";
import type { Fields } from "../shape/property";
import type { NameRule } from "./resource-path";

/** A resource type of Azure: where it is, what it has, and in what it is not like most others. */
export interface Definition {
  /** `azure-native:keyvault:Vault`. */
  readonly token: string;
  /** As in "the key vault needs …". */
  readonly noun: string;
  /** `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/…`, with the SDK's names. */
  readonly path: string;
  readonly names?: Readonly<Record<string, NameRule>>;
  /** Absent: it is not in ARM. */
  readonly apiVersion?: string;
  readonly properties: Fields;
  /** Where the SDK has the outputs in another shape than the inputs. */
  readonly outputs?: Fields;
  /** Top-level outputs that are secret whatever the program says. */
  readonly secretOutputs?: readonly string[];
  /** It is there as soon as its parent is: a creation finds it. */
  readonly comesWithParent?: true;
  /** Properties, by their paths, that others may manage where the program says nothing of them. */
  readonly othersMay?: readonly (readonly string[])[];
  /** What a property goes back to when the program no longer says it: Azure takes silence for no change. */
  readonly resetTo?: PlainMap;
  /** What the tables cannot say. */
  check?(inputs: PlainMap): readonly InputFailure[];
  /** Throws one line when a change is one that Azure can never make. */
  guard?(before: PlainMap, after: PlainMap): void;
  /** The body of a write. @param there what Azure has so far. Default: the body from the table. */
  prepare?(body: PlainMap, there: PlainMap | undefined): PlainMap;
  /** What Azure has; undefined when there is no such thing. Default: a GET of the id. */
  read?(azure: Azure, id: string): Promise<PlainMap | undefined>;
  /** Makes or changes it, and gives back what Azure answers. Default: a PUT of the body. */
  write?(azure: Azure, id: string, body: PlainMap, inputs: PlainMap, isNew: boolean): Promise<PlainMap>;
  /** Default: a DELETE of the id. */
  delete?(azure: Azure, id: string): Promise<void>;
}
