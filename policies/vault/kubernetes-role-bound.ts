import { isPattern, KUBERNETES_ROLE } from "../reading/vault-roles";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-kubernetes-role-bound",
  title: "A Kubernetes role names its service accounts and namespaces",
  why: "With a pattern, whoever may make a service account or label a namespace makes themselves one that decrypts.",
  remedy: "List names in full; one role for each account is what Flux asks for anyway.",
  severity: "critical",
  types: [KUBERNETES_ROLE],
  *check(role) {
    for (const [what, path] of [
      ["service account", "boundServiceAccountNames"],
      ["namespace", "boundServiceAccountNamespaces"],
    ] as const)
      for (const name of role.texts(path).filter(isPattern))
        yield `is for any ${what} like "${name}"; name each of them in ${path}`;
    if (role.has("boundServiceAccountNamespaceSelector"))
      yield "is for any namespace with a label; name each of them in boundServiceAccountNamespaces";
    else if (role.list("boundServiceAccountNamespaces").length === 0)
      yield "names no namespace; set boundServiceAccountNamespaces";
    if (role.list("boundServiceAccountNames").length === 0)
      yield "names no service account; set boundServiceAccountNames";
    if (role.texts("boundServiceAccountNames").includes("default"))
      yield "is for the account named default, which every pod of the namespace has; make one of its own";
  },
});
