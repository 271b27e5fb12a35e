import { SOPS_CONFIG_TYPES, sopsFileOf } from "../reading/sops-configs";
import { isPrivateUrl } from "../reading/urls";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "loop-sops-config-versionless",
  title: ".sops.yaml names keys without a version, at https addresses",
  why: "A pinned version never moves: after a rotation every new file is stale from its first day.",
  remedy: "Leave the version off the end of `azure_keyvault`, and use https.",
  severity: "high",
  types: SOPS_CONFIG_TYPES,
  *check(subject) {
    for (const { number, keys } of sopsFileOf(subject)?.rules ?? [])
      for (const { kind, key, version } of keys) {
        if (version !== undefined)
          yield `.sops.yaml, rule ${number}, pins the version of ${key}; leave it out`;
        if ((kind === "hc_vault" || kind === "azure_kv") && !isPrivateUrl(key))
          yield `.sops.yaml, rule ${number}, reaches ${key} in the clear; use https`;
      }
  },
});
