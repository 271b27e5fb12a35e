import { hash } from "node:crypto";
import type { CreationRule } from "../../rules/creation-rule";
import type { SecretManifest } from "../values/secret-content";

/** What moves in a file when its data key is wrapped anew, and nothing else does. */
const REWRAPPED = /^(\s*(?:- )?)(?:enc: ["']?vault:v\d+:[A-Za-z0-9+/=]+["']?|created_at: .*)$/gm;

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
  const written = hash("sha256", encrypted.replace(REWRAPPED, "$1"), "hex");
  const parts = ["sopsloop.chart.digest/1", salt, manifest, written];
  const whole = JSON.stringify([...parts, groups, shamirThreshold, selector, macOnlyEncrypted]);
  return hash("sha256", whole, "buffer");
}
