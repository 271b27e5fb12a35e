import { KUSTOMIZATION } from "../reading/flux";
import { namespaceOf } from "../reading/kubernetes";
import { isVaultTold } from "../reading/vault-addresses";
import { accountsOf, JWT_ROLE, KUBERNETES_ROLE } from "../reading/vault-roles";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "loop-role-for-each-decryptor",
  title: "Vault has the role that Flux asks for",
  why: "Flux makes the role's name from the account, namespace_account, and takes no other: a role of any other name is never used.",
  remedy: "Name the role `<namespace>_<service account>` and bind it to that account.",
  severity: "high",
  types: [KUSTOMIZATION],
  *check(kustomization, stack) {
    const name = kustomization.text("spec.decryption.serviceAccountName");
    if (name === undefined || !stack.once(isVaultTold)) return;
    const namespace = namespaceOf(kustomization);
    const wanted = `${namespace}_${name}`;
    const roles = stack.ofType(KUBERNETES_ROLE, JWT_ROLE);
    const own = roles.filter((role) => (role.text("roleName") ?? "").toLowerCase() === wanted.toLowerCase());
    if (own.length === 0)
      yield `decrypts as ${namespace}/${name}, for which Vault has no role ${wanted}; declare it`;
    else if (!own.some((role) => accountsOf(role)?.includes(`${namespace}/${name}`)))
      yield `decrypts as ${namespace}/${name}, but the role ${wanted} is bound to another account; bind it to this one`;
  },
});
