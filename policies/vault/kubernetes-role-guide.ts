import { isGuideRole, KUBERNETES_ROLE } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-kubernetes-role-guide",
  title: "The Flux guide's own role is left out where nobody uses it",
  why: "It is for two accounts, lives a day, has no audience and encrypts too. Flux 2.9 and later never ask for it.",
  remedy: "Set `sopsloop:vault.guide` to false once nobody follows the guide by hand.",
  severity: "medium",
  // The program makes it by default, exactly as the guide has it, so that those who follow the guide find it.
  enforcement: "advisory",
  types: [KUBERNETES_ROLE],
  *check(role) {
    if (isGuideRole(role))
      yield "is the Flux guide's own, for any audience and a day; set sopsloop:vault.guide to false when nobody uses it";
  },
});
