import * as z from "zod";
import { grantsOf } from "../reading/vault-policy";
import { POLICY } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-policy-literal-paths",
  title: "A policy names each path in full",
  why: "`transit/decrypt/*` decrypts with every key that anybody makes later. A `*` in the middle of a path matches nothing, and silently denies.",
  remedy: "Write one path for each key.",
  severity: "high",
  types: [POLICY],
  limits: z.strictObject({
    prefixes: z
      .array(z.string().min(1))
      .default([])
      .describe("Beginnings of paths below which `*` and `+` are allowed, such as `kv/`."),
  }),
  *check(policy, { prefixes }) {
    for (const { path } of grantsOf(policy.at("policy"))) {
      if (!/[*+]/.test(path) || prefixes.some((prefix) => path.startsWith(prefix))) continue;
      yield `is about ${path}, which stands for more than one path; write each of them in full`;
    }
  },
});
