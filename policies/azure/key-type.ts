import * as z from "zod";
import { isProduction, productionStacks } from "../limits";
import { KEY, settingsOf } from "../reading/azure";
import { checkov } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-key-type",
  title: "A key is RSA of good length, and in production in hardware",
  why: "sops encrypts by RSA-OAEP-256, which no other kind of key can do.",
  remedy:
    "Set `kty` to RSA (RSA-HSM in production, which needs a premium vault) and `keySize` to 3072 or more. A key's type never changes: make a new key.",
  severity: "high",
  references: [checkov("CKV_AZURE_112")],
  types: [KEY],
  limits: z.strictObject({
    minBits: z.number().int().default(3072).describe("Shortest RSA key that is allowed."),
    hardwareInProduction: z.boolean().default(true).describe("Whether production needs RSA-HSM."),
    productionStacks,
  }),
  *check(key, { minBits, hardwareInProduction, productionStacks }) {
    const settings = settingsOf(key);
    const kind = settings.text("kty") ?? "";
    const bits = settings.number("keySize") ?? 2048;
    if (!["RSA", "RSA-HSM"].includes(kind))
      yield `is of type ${kind || "unsaid"}, which sops cannot use; set kty to RSA`;
    else if (bits < minBits) yield `has ${bits} bits; set keySize to ${minBits} or more`;
    if (kind === "RSA" && hardwareInProduction && isProduction(key, productionStacks))
      yield "is a key of production that is kept in software; set kty to RSA-HSM";
  },
});
