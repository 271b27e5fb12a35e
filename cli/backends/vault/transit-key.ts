import { CliError } from "../../errors/cli-error";
import type { Recipient } from "../../sops-file/recipient";
import { withoutSlashes } from "./without-slashes";

/** A key of a transit engine, as a sops file names it. */
export interface TransitKey {
  readonly address: string;
  readonly mount: string;
  readonly name: string;
}

/** @throws CliError for names that would reach another path of Vault's than the key's own. */
export function transitKey({ key, fields }: Recipient): TransitKey {
  const { vault_address: address = "", engine_path: enginePath = "", key_name: name = "" } = fields;
  const mount = withoutSlashes(enginePath);
  const parts = [...mount.split("/"), name];
  const isPlain = (part: string) => part !== "" && part !== "." && part !== ".." && !hasControl(part);
  if (!parts.every(isPlain) || name.includes("/"))
    throw new CliError(
      `${JSON.stringify(key)} names no key of a Vault transit engine; check it with \`sops\``,
    );
  return { address, mount, name };
}

/** What is asked of a key. */
export type TransitVerb = "keys" | "rewrap" | "decrypt" | "hmac";

/** A path of the key's engine, such as `transit/rewrap/sops`, as a policy has it. */
export function policyPath({ mount, name }: TransitKey, verb: TransitVerb): string {
  return `${mount}/${verb}/${name}`;
}

/** The same, for a URL. */
export function urlPath(key: TransitKey, verb: TransitVerb): string {
  return policyPath(key, verb).split("/").map(encodeURIComponent).join("/");
}

function hasControl(text: string): boolean {
  for (const character of text) if (character < " " || character === "\x7f") return true;
  return false;
}
