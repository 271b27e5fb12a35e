import * as z from "zod";
import { isOneOf } from "../limits";
import { DECRYPT_ACTION, IDENTITY } from "../reading/azure";
import { type AssignedRole, rolesOf, subjectsOf } from "../reading/azure-identities";
import { stackRule } from "../rule";

/** Built-in roles that decrypt with keys. */
const DECRYPTING = ["Key Vault Administrator", "Key Vault Crypto Officer", "Key Vault Crypto User"];

export const rule = stackRule({
  name: "azure-identity-rewraps-alone",
  title: "Of the pipelines' identities only the one that rewraps decrypts",
  why: "Azure moves no data key to a new version by itself, so that the job which rewraps has to decrypt. Every other job that does shows secrets to whoever changes its script.",
  remedy:
    "Give the identities of other jobs a role without keys/decrypt/action. Where the rewrapping one has another name, set `rewrapIdentities`.",
  severity: "critical",
  types: [IDENTITY],
  limits: z.strictObject({
    rewrapIdentities: z
      .array(z.string().min(1))
      .default(["rewrap"])
      .describe("Names of identities that rewrap, or parts of names between dashes."),
  }),
  *check(identity, stack, { rewrapIdentities }) {
    if (!subjectsOf(identity, stack).some((subject) => subject.startsWith("project_path:"))) return;
    const name = identity.text("name") ?? identity.text("resourceName") ?? "";
    if (isOneOf(name, rewrapIdentities)) return;
    if (rolesOf(identity, stack).some(decrypts))
      yield `is a pipeline's that does not rewrap, and may decrypt; assign it a role without keys/decrypt/action`;
  },
});

function decrypts({ builtIn, actions }: AssignedRole): boolean {
  if (builtIn !== undefined) return DECRYPTING.includes(builtIn);
  return actions.some(coversDecrypting);
}

/** Azure compares actions without regard to case, and `*` in one stands for anything. */
function coversDecrypting(action: string): boolean {
  const source = action.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`, "i").test(DECRYPT_ACTION);
}
