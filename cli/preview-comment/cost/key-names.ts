import type { Recipient } from "../../sops-file/recipient";
import type { ResourceChange } from "../preview/preview";
import type { PlainObject } from "../secrets/pulumi-values";
import { guardOf } from "./guarded";

/** Whether a recipient of a sops file is this key, or a key that lies in this store. */
export type Opens = (recipient: Recipient) => boolean;

/**
 * How sops files name a key or a store of keys. Undefined where the preview does not tell its name.
 *
 * @param vault Vault's address; any Vault when undefined.
 */
export function opensOf(change: ResourceChange, vault: string | undefined): Opens | undefined {
  const { before: facts, type } = change;
  const guard = guardOf(change)?.guard;
  if (guard !== "key" && guard !== "key store") return undefined;
  const [service = ""] = type.split(":");
  switch (service) {
    case "vault":
      return inVault(facts, guard, vault);
    case "azure-native":
      return guard === "key" ? named("azure_kv", facts.keyUri) : inKeyVault(facts);
    case "aws":
      return named("kms", facts.arn);
    default:
      return named("gcp_kms", facts.id);
  }
}

function inVault(
  facts: PlainObject,
  guard: "key" | "key store",
  vault: string | undefined,
): Opens | undefined {
  const [mount, name] = guard === "key" ? [facts.backend, facts.name] : [facts.path, ""];
  if (typeof mount !== "string" || typeof name !== "string") return undefined;
  const base = vault === undefined ? "" : `${vault.toLowerCase().replace(/\/+$/, "")}/v1/`;
  const folder = `/${mount.replace(/^\/+|\/+$/g, "")}/keys/`;
  return ({ kind, key }) => {
    if (kind !== "hc_vault" || !key.startsWith(base)) return false;
    // A Vault namespace may stand in front of the mount.
    return guard === "key" ? key.endsWith(`${folder}${name}`) : key.includes(folder);
  };
}

function inKeyVault({ properties }: PlainObject): Opens | undefined {
  const uri =
    typeof properties === "object" && properties !== null ? Reflect.get(properties, "vaultUri") : undefined;
  if (typeof uri !== "string") return undefined;
  const start = `${uri.toLowerCase().replace(/\/+$/, "")}/`;
  return ({ kind, key }) => kind === "azure_kv" && key.toLowerCase().startsWith(start);
}

function named(wanted: Recipient["kind"], name: unknown): Opens | undefined {
  if (typeof name !== "string") return undefined;
  return ({ kind, key }) => kind === wanted && key.toLowerCase() === name.toLowerCase();
}
