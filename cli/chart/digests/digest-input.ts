import { hash } from "node:crypto";
import type { CreationRule } from "../../rules/creation-rule";
import type { SecretManifest } from "../values/secret-content";

/** What moves in a file when its data key is wrapped anew, and nothing else does. */
const REWRAPPED = /^(\s*(?:- )?)(?:enc: ["']?vault:v\d+:[A-Za-z0-9+/=]+["']?|created_at: .*)$/gm;

/** The same of a key in Azure, in sops's own part of the file: the version moves too. */
const REWRAPPED_IN_AZURE = /^(\s*(?:- )?)(?:enc: ["']?[\w-]{342,}["']?|version: ["']?[0-9a-f]{32}["']?)$/gm;

/**
 * What a digest is made of: the Secret, the rule it falls under, the salt, and all that sops wrote but for what a rewrap changes. So a file
 * that somebody has changed, cut short or encrypted for others is none that the digest speaks of. It is a hash: neither the key's
 * server nor its log ever sees a value.
 *
 * @param encrypted as sops wrote it.
 */
export function digestInput(
  manifest: SecretManifest,
  rule: CreationRule,
  salt: string,
  encrypted: string,
): Buffer {
  const { groups, shamirThreshold, selector, macOnlyEncrypted } = rule;
  const written = hash("sha256", withoutWrapped(encrypted), "hex");
  const parts = ["sopsloop.chart.digest/1", salt, manifest, written];
  const whole = JSON.stringify([...parts, groups, shamirThreshold, selector, macOnlyEncrypted]);
  return hash("sha256", whole, "buffer");
}

function withoutWrapped(encrypted: string): string {
  const plain = encrypted.replace(REWRAPPED, "$1");
  const own = plain.lastIndexOf("\nsops:\n");
  if (!plain.includes("\n    azure_kv:", own)) return plain;
  return plain.slice(0, own) + plain.slice(own).replace(REWRAPPED_IN_AZURE, "$1");
}
