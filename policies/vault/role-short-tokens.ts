import * as z from "zod";
import { isGuideRole, JWT_ROLE, KUBERNETES_ROLE } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-role-short-tokens",
  title: "A token lives no longer than the work it is for",
  why: "Flux logs in for each build and a job for each run. A token that outlives them serves only who finds it, and fills Vault's storage.",
  remedy: "Set `tokenTtl` to minutes; here, `sopsloop:vault.auth.tokenTtl` and `sopsloop:gitlab.tokenTtl`.",
  severity: "high",
  types: [KUBERNETES_ROLE, JWT_ROLE],
  limits: z.strictObject({
    maxMinutes: z.number().positive().default(60).describe("Longest life of a token that is not renewed."),
    maxRenewedMinutes: z.number().positive().default(240).describe("Longest life of one that is."),
  }),
  *check(role, { maxMinutes, maxRenewedMinutes }) {
    if (isGuideRole(role)) return;
    const ttl = role.number("tokenTtl") ?? 0;
    if (ttl === 0)
      yield `leaves the life of its tokens to Vault, which is 32 days; set tokenTtl to at most ${maxMinutes} minutes`;
    else if (ttl > maxMinutes * 60)
      yield `makes tokens that live ${Math.round(ttl / 60)} minutes; set tokenTtl to at most ${maxMinutes} minutes (${maxMinutes * 60})`;
    for (const path of ["tokenMaxTtl", "tokenExplicitMaxTtl"] as const) {
      const most = role.number(path) ?? 0;
      if (most > maxRenewedMinutes * 60)
        yield `lets tokens be renewed for ${Math.round(most / 60)} minutes; set ${path} to at most ${maxRenewedMinutes} minutes (${maxRenewedMinutes * 60})`;
    }
    if ((role.number("tokenPeriod") ?? 0) > 0)
      yield "makes tokens that can be renewed for ever; leave tokenPeriod out";
  },
});
