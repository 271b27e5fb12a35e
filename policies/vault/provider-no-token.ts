import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-provider-no-token",
  title: "Vault's token comes from the environment and not through the state",
  why: "A token that is an input of the provider lies in every copy of the state, for all who know the stack's passphrase.",
  remedy: "Leave `token` out: the plugin reads VAULT_TOKEN by itself.",
  severity: "high",
  types: ["pulumi:providers:vault"],
  *check(provider) {
    if (provider.has("token"))
      yield "is given Vault's token, which is then kept in the state; leave token out, VAULT_TOKEN is read by the plugin itself";
  },
});
