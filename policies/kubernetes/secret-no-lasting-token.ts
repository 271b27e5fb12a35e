import { CLUSTER_ROLE_BINDING, namespaceOf, ROLE_BINDING, SECRET_OBJECT } from "../reading/kubernetes";
import { stackRule } from "../rule";
import type { Stack } from "../values/stack";
import type { Subject } from "../values/subject";

const REVIEWER = "system:auth-delegator";

export const rule = stackRule({
  name: "kubernetes-secret-no-lasting-token",
  title: "Only the reviewer of tokens has a token that never ends",
  why: "A Secret of type service-account-token holds a login that no restart and no clock takes away.",
  remedy:
    "Let Kubernetes make tokens on request. Where Vault lives outside of the cluster, its reviewer needs one, bound to nothing but system:auth-delegator.",
  severity: "high",
  types: [SECRET_OBJECT],
  *check(secret, stack) {
    if (secret.text("type") !== "kubernetes.io/service-account-token") return;
    const name = secret.at("metadata.annotations").key("kubernetes.io/service-account.name").text() ?? "";
    const account = `${namespaceOf(secret)}/${name}`;
    const roles = rolesOf(account, stack);
    if (!roles.includes(REVIEWER))
      yield `is a token of ${account} that never ends; let tokens be made on request`;
    for (const role of roles.filter((each) => each !== REVIEWER))
      yield `is a token that never ends, and its account ${account} has the role ${role} too; give the reviewer an account of its own`;
  },
});

function rolesOf(account: string, stack: Stack): string[] {
  return stack
    .ofType(ROLE_BINDING, CLUSTER_ROLE_BINDING)
    .filter((binding) =>
      binding
        .list("subjects")
        .some((subject) =>
          isAccount(subject.text("kind"), `${subject.text("namespace")}/${subject.text("name")}`, account),
        ),
    )
    .map((binding: Subject) => binding.text("roleRef.name") ?? "");
}

function isAccount(kind: string | undefined, name: string, account: string): boolean {
  return kind === "ServiceAccount" && name === account;
}
