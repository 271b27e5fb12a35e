import { z } from "zod";
import { decrypt, encrypt } from "./crypto";
import type { KeyVersion } from "./model";
import { bodyOf, require, type VaultAsk } from "./request";
import { VaultRefusal } from "./vault-refusal";

/** What is done with a key: in its path, in a role, and with numbers. */
const OPERATIONS = {
  encrypt: { op: "encrypt", right: "encrypt", does: encrypt },
  decrypt: { op: "decrypt", right: "decrypt", does: decrypt },
  wrapkey: { op: "wrapKey", right: "wrap", does: encrypt },
  unwrapkey: { op: "unwrapKey", right: "unwrap", does: decrypt },
} as const;

const parameters = z.object({ alg: z.string(), value: z.string() });

/** `POST /keys/<name>/<version>/<operation>`. */
export async function operate(c: VaultAsk) {
  const name = c.req.param("name") ?? "";
  const word = (c.req.param("operation") ?? "").toLowerCase();
  const operation = Object.entries(OPERATIONS).find(([one]) => one === word)?.[1];
  if (operation === undefined)
    throw new VaultRefusal(405, "MethodNotAllowed", `The operation ${word} is not emulated.`);
  const { op, right, does } = operation;
  require(c, { dataAction: `keys/${right}/action`, kind: "keys", permission: op, name });
  const vault = c.get("vault");
  const { keys, clock } = c.get("core");
  const version = keys.version(vault, name, c.req.param("version"));
  checkUse(version, op, clock.seconds());
  const { alg, value } = await bodyOf(c, parameters);
  const kid = `${vault.uri}/keys/${keys.get(vault, name).name}/${version.id}`;
  return c.json({ kid, value: does(version.privateKey, alg, value) });
}

/** Outside its times, a key still opens what it closed. */
function checkUse({ enabled, ops, nbf, exp }: KeyVersion, op: string, now: number): void {
  const forbidden = (problem: string, inner: string) => new VaultRefusal(403, "Forbidden", problem, inner);
  if (!enabled) throw forbidden(`Operation ${op} is not allowed on a disabled key.`, "KeyDisabled");
  if (!ops.includes(op))
    throw forbidden(`Operation ${op} is not permitted on this key.`, "KeyOperationForbidden");
  if (op === "decrypt" || op === "unwrapKey") return;
  if (exp !== undefined && exp <= now)
    throw forbidden(`Operation ${op} is not allowed on an expired key.`, "KeyExpired");
  if (nbf !== undefined && nbf > now)
    throw forbidden(`Operation ${op} is not allowed on a key that is not yet valid.`, "KeyNotYetValid");
}
