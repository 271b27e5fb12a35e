import type { PlainObject } from "../../preview-comment/secrets/pulumi-values";
import type { Delivery, Identity, Key, Right, Trigger } from "../report-schema";

/** A key and how the servers that hold it name it. */
export interface KeyFact {
  readonly key: Key;
  /** Of a key in Vault. */
  readonly transit?: { readonly mount: string; readonly name: string };
  /** Of a key in Azure: its ARM id, in small letters; undefined where only the outputs are known. */
  readonly armId?: string | undefined;
}

/** A way in to Vault: who may take it, and which policies its tokens get. */
export interface VaultLogin {
  /** `auth/kubernetes/role/flux-system_kustomize-controller` */
  readonly login: string;
  readonly identities: readonly Identity[];
  /** Undefined where they are not known. */
  readonly policies: readonly string[] | undefined;
  /** What a token has to be, and how long the login lasts. */
  readonly conditions: readonly string[];
}

/** An identity of Azure's, who may be it, and what it may do with which keys. */
export interface AzureLogin {
  readonly login: string;
  readonly identities: readonly Identity[];
  readonly conditions: readonly string[];
  readonly assignments: readonly {
    readonly role: string;
    readonly rights: readonly Right[];
    /** `id` of each. */
    readonly keys: readonly string[];
    /** Why it may give more rights than these. */
    readonly unknown?: string;
  }[];
}

/** What is read of a stack, before it is worked out who may do what. */
export interface Facts {
  readonly keys: readonly KeyFact[];
  /** Texts by name, of those that the stack has. */
  readonly policies: ReadonlyMap<string, string>;
  readonly vaultLogins: readonly VaultLogin[];
  readonly azureLogins: readonly AzureLogin[];
  readonly deliveries: readonly Omit<Delivery, "keys">[];
  /** Who decrypts for them. */
  readonly decryptors: readonly Identity[];
  readonly triggers: readonly Trigger[];
}

/** A text of an object; undefined where it has none, or one that is not known. */
export function textAt(values: PlainObject, name: string): string | undefined {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Texts of a list, and of a single text. */
export function textsAt(values: PlainObject, name: string): readonly string[] {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

export function numberAt(values: PlainObject, name: string): number | undefined {
  const value = Number(Object.hasOwn(values, name) ? (values[name] ?? Number.NaN) : Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}
