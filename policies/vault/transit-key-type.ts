import * as z from "zod";
import { TRANSIT_KEY } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-transit-key-type",
  title: "A transit key has a type that sops can use and that authenticates what it encrypts",
  why: "sops gives Vault no context and wants to encrypt: with a derived key, or one that only signs, every file fails. Convergent encryption shows which data keys are equal.",
  remedy: "Use `aes256-gcm96`, Vault's own default, without `derived` and `convergentEncryption`.",
  severity: "high",
  types: [TRANSIT_KEY],
  limits: z.strictObject({
    types: z
      .array(z.string())
      .default(["aes256-gcm96", "chacha20-poly1305", "rsa-4096"])
      .describe("Types that are allowed."),
  }),
  *check(key, { types }) {
    const type = key.text("type") ?? "aes256-gcm96";
    if (!types.includes(type)) yield `is of type ${type}; use one of ${types.join(", ")}`;
    if (key.flag("derived") === true)
      yield "is derived from a context, which sops never gives; leave derived out";
    if (key.flag("convergentEncryption") === true)
      yield "encrypts the same text to the same bytes; leave convergentEncryption out";
  },
});
