import { delivery, role } from "../../preview-comment/support/audit";
import { exported, kubernetesRole, outputs, policy, transitKey, updating } from "./stack";

const NAMESPACES = 20;
const MOUNTS = 5;

/** The export of a large stack: so many service accounts in 20 namespaces, and keys in 5 mounts. The same each time. */
export function syntheticExport(identities: number, keys: number): object {
  const key = (at: number) => ({
    mount: `transit-${"abcde"[at % MOUNTS]}`,
    name: `key-${String(at).padStart(2, "0")}`,
  });
  const all = Array.from({ length: keys }, (_, at) => at);
  const accounts = Array.from({ length: identities }, (_, at) => ({
    namespace: `team-${String(at % NAMESPACES).padStart(2, "0")}`,
    account: `app-${String(at).padStart(3, "0")}`,
    at,
  }));
  const policies = all.flatMap((at) => {
    const { mount, name } = key(at);
    return [
      policy(`${name}-decrypt`, updating(`${mount}/decrypt/${name}`)),
      policy(`${name}-write`, updating(`${mount}/encrypt/${name}`, `${mount}/rewrap/${name}`)),
      policy(`${name}-look`, `path "${mount}/keys/${name}" {\n  capabilities = ["read"]\n}\n`),
    ];
  });
  const roles = accounts.map(({ namespace, account, at }) => {
    const named = (step: number) => key((at * 7 + step * 11) % keys).name;
    const own = [`${named(0)}-decrypt`, `${named(1)}-decrypt`, `${named(2)}-write`, `${named(3)}-look`];
    return kubernetesRole(namespace, account, at % 40 === 0 ? [...own, "admin"] : own);
  });
  const given = outputs({
    roles: [role("flux-system", "kustomize-controller")],
    decryption: accounts
      .filter(({ at }) => at % 4 === 0)
      .map(({ namespace, account }) => ({
        ...delivery(account, namespace, account),
        targetNamespace: namespace,
      })),
  });
  const month = (at: number) => ({ id: String(Date.UTC(2025, at, 3) / 1000) });
  const made = all.map((at) => {
    const times = Array.from({ length: 1 + (at % 8) }, (_, step) => month(step * 3 + (at % 3)));
    const { mount, name } = key(at);
    return transitKey(mount, name, { latestVersion: times.length, minDecryptionVersion: 1, keys: times });
  });
  return exported([...made, policy("admin", updating("transit-a/*")), ...policies, ...roles], given);
}
