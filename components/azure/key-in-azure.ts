import * as pulumi from "@pulumi/pulumi";
import { type KeyRotation, rotationPolicy } from "./rotation-policy";

/** What a key is to be. */
export interface WantedKey {
  readonly vault: string;
  readonly key: string;
  readonly type: string;
  readonly size: number;
  readonly rotation: KeyRotation;
}

/** What Azure says that it is; absent where it does not say. */
export interface KeyInAzure {
  readonly kty?: string | undefined;
  readonly keySize?: number | undefined;
  readonly rotationPolicy?: Policy | undefined;
}

interface Policy {
  readonly attributes?: { readonly expiryTime?: string | undefined } | undefined;
  readonly lifetimeActions?: readonly Action[] | undefined;
}

interface Action {
  readonly action?: { readonly type?: string | undefined } | undefined;
  readonly trigger?:
    | { readonly timeAfterCreate?: string | undefined; readonly timeBeforeExpiry?: string | undefined }
    | undefined;
}

/**
 * ARM makes a key once: it answers every later change with success, and makes none. So the key's settings are never sent again, and
 * where they differ from what Azure has, this throws with what to do.
 */
export function requireWantedKey(wanted: WantedKey, found: KeyInAzure): void {
  const { vault, key, type, size, rotation } = wanted;
  const other = [...differing("type", found.kty, type), ...differing("size", found.keySize, size)];
  if (other.length > 0)
    throw new pulumi.RunError(
      `key ${key} of ${vault} is another in Azure (${other.join(", ")}), and stays as it was made; set sopsloop:azure.key to what it is, or give it a new name, have every file rewrapped, and retire the old one`,
    );
  const policy = rotationPolicy(rotation);
  if (!found.rotationPolicy || timesOf(found.rotationPolicy) === timesOf(policy)) return;
  throw new pulumi.RunError(
    `the rotation policy of key ${key} of ${vault} is another in Azure (${timesOf(found.rotationPolicy)}) than in sopsloop:azure.key.rotation (${timesOf(policy)}), and ARM does not change it; set the config to it, or run: az keyvault key rotation-policy update --vault-name ${vault} --name ${key} --value '${forCommand(policy)}', and then: pulumi up --refresh`,
  );
}

function differing<T>(what: string, found: T | undefined, wanted: T): string[] {
  return found === undefined || found === wanted ? [] : [`${what} ${found}, not ${wanted}`];
}

/** What decides when versions come and go. When people are told of it does not, and Azure has a default for that. */
function timesOf({ attributes, lifetimeActions = [] }: Policy): string {
  const rotate = lifetimeActions.find(({ action }) => action?.type?.toLowerCase() === "rotate")?.trigger;
  const when = rotate?.timeAfterCreate
    ? `rotates after ${rotate.timeAfterCreate}`
    : rotate?.timeBeforeExpiry
      ? `rotates ${rotate.timeBeforeExpiry} before its end`
      : "never rotates";
  return `${when}, ${attributes?.expiryTime ? `ends after ${attributes.expiryTime}` : "never ends"}`;
}

function forCommand({ attributes = {}, lifetimeActions = [] }: Policy): string {
  const actions = lifetimeActions.map(({ action, trigger }) => ({
    trigger,
    action: { type: action?.type === "rotate" ? "Rotate" : "Notify" },
  }));
  return JSON.stringify({ lifetimeActions: actions, attributes });
}
