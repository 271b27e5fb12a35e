import { SOPS_CONFIG_TYPES, sopsFileOf } from "../reading/sops-configs";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "loop-sops-config-understood",
  title: "sops understands all of .sops.yaml",
  why: "sops ignores a setting whose name it does not know, and then encrypts to fewer recipients than meant.",
  remedy: "Correct the names; `sopsloop status` tells which were meant.",
  severity: "critical",
  types: SOPS_CONFIG_TYPES,
  *check(subject) {
    for (const problem of sopsFileOf(subject)?.problems ?? []) yield `.sops.yaml, ${problem}; correct it`;
  },
});
