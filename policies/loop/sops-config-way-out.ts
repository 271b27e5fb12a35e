import * as z from "zod";
import { isProduction, productionStacks } from "../limits";
import { SOPS_CONFIG_TYPES, sopsFileOf } from "../reading/sops-configs";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "loop-sops-config-way-out",
  title: "Production's files can be decrypted when one service is lost",
  why: "With one recipient, whoever loses that Vault or vault loses every secret.",
  remedy: "Add a break-glass age key (`sopsloop:age.recipients`), or a second service in another place.",
  severity: "high",
  types: SOPS_CONFIG_TYPES,
  limits: z.strictObject({ productionStacks }),
  *check(subject, _, { productionStacks }) {
    if (!isProduction(subject, productionStacks)) return;
    // With several groups it hangs on their threshold what may be lost; sops wants all of them unless told otherwise.
    for (const { number, keys, groups } of sopsFileOf(subject)?.rules ?? [])
      if (groups === 1 && keys.length === 1)
        yield `.sops.yaml, rule ${number}, has one recipient, and all is lost with it; add a break-glass age key`;
  },
});
