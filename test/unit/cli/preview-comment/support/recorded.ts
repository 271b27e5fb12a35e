import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "..", "recorded");

/**
 * What Pulumi 3.256.0 printed for a small program of this project's own components against a real Vault. `roles` moves a login to
 * another policy, deletes one and makes one; `new-key` gives the key another name; `failed` throws. Left out: debug messages, events
 * of resources that stay, stack traces and dates; the server's address and the paths of the machine are others.
 */
export const RECORDED = ["roles", "new-key", "failed"] as const;
export const FORMS = { digest: ".json", events: ".events.jsonl" } as const;

export function recorded(name: (typeof RECORDED)[number], form: keyof typeof FORMS): string {
  return readFileSync(join(FOLDER, `${name}${FORMS[form]}`), "utf8");
}
