import { SOPS_CONFIG_TYPES, sopsFileOf } from "../reading/sops-configs";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "loop-sops-config-values",
  title: ".sops.yaml says which values are encrypted",
  why: "Left to itself, sops encrypts a Secret's kind and name as well, and Flux cannot tell what it is. By an `unencrypted_` setting, a new field that nobody thought of stays in the clear.",
  remedy: "Set `encrypted_regex: ^(data|stringData)$` in each creation rule.",
  severity: "medium",
  types: SOPS_CONFIG_TYPES,
  *check(subject) {
    for (const { number, selector } of sopsFileOf(subject)?.rules ?? []) {
      if (selector === undefined)
        yield `.sops.yaml, rule ${number}, leaves it to sops what is encrypted; set encrypted_regex`;
      else if (selector.name.startsWith("unencrypted_"))
        yield `.sops.yaml, rule ${number}, says what stays in the clear (${selector.name}); set encrypted_regex instead`;
    }
  },
});
