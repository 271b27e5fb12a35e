import * as z from "zod";
import { TRANSIT_KEY } from "../reading/vault-roles";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "vault-transit-key-old-versions",
  title: "Few old versions of a transit key can still decrypt",
  why: "What a lost backup or an old clone holds stays readable as long as the version that wrapped it may decrypt.",
  remedy:
    "Run `sopsloop rewrap`, then `sopsloop retire`, which raises `min_decryption_version` once no file needs the old ones.",
  severity: "medium",
  // The number grows by itself with each rotation: a preview that changes nothing must not turn red one night.
  enforcement: "advisory",
  types: [TRANSIT_KEY],
  limits: z.strictObject({
    maxVersions: z
      .number()
      .int()
      .min(1)
      .default(12)
      .describe("Versions that may decrypt, the newest counted."),
  }),
  *check(key, _, { maxVersions }) {
    const latest = key.number("latestVersion");
    if (latest === undefined) return;
    const oldest = Math.max(key.number("minDecryptionVersion") ?? 1, 1);
    const versions = latest - oldest + 1;
    if (versions > maxVersions)
      yield `has ${versions} versions that may decrypt (${oldest} to ${latest}), and ${maxVersions} are allowed; run sopsloop rewrap, then sopsloop retire`;
  },
});
