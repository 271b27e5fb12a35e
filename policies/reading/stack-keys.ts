import type { WantedKey } from "../../cli/rules/wanted-key";
import type { Stack } from "../values/stack";
import type { Subject } from "../values/subject";
import { isSameId, KEY } from "./azure";
import { TRANSIT_KEY } from "./vault-roles";

/** The path of a transit key within its Vault: `<mount>/keys/<name>`. */
export function transitPath(key: Subject): string {
  return `${key.text("backend")}/keys/${key.text("name")}`;
}

/** Whether a URI names this path. It may begin with a namespace, which is the provider's to know. */
export function isTransitUri(uri: string, path: string): boolean {
  return uri.endsWith(`/${path}`);
}

/** Whether a key of `.sops.yaml` is one that the stack makes. */
export function isOfStack({ kind, key }: WantedKey, stack: Stack): boolean {
  if (kind === "hc_vault") return stack.once(transitPaths).some((path) => isTransitUri(key, path));
  return kind === "azure_kv" && stack.ofType(KEY).some((own) => isAzureUrl(key, own));
}

function transitPaths(stack: Stack): readonly string[] {
  return stack.ofType(TRANSIT_KEY).map(transitPath);
}

/** Azure's answers have the key's address, and leave out what it was made of; a declaration has that alone. */
function isAzureUrl(url: string, own: Subject): boolean {
  const vault = own.text("vaultName");
  const name = own.text("keyName") ?? own.text("name") ?? "";
  if (vault === undefined) return isSameId(url, (own.text("keyUri") ?? "").replace(/\/$/, ""));
  return isSameId(url.replace(/^(https:\/\/[^./]+)[^/]*/, "$1"), `https://${vault}/keys/${name}`);
}
