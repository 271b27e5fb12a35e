import { messageOf } from "../../sandbox/processes/sandbox-error";
import { KubeApi } from "../../sandbox/servers/kube-api";
import type { Loop } from "../sandbox/support/loop";
import { VaultAs } from "../sandbox/support/vault-as";

/** What was looked at, and what was found. */
export type Finding = [what: string, found: string];

interface Answer<T> {
  readonly data: T;
}

interface Role {
  readonly audience?: string;
  readonly token_type: string;
  readonly token_ttl: number;
  readonly token_policies: readonly string[];
}

/** Reads from Vault and the cluster what a set-up has come to. `role` is the one that Flux would log in with. */
export async function probeServers(loop: Loop, role: string): Promise<Finding[]> {
  return [...(await probeVault(loop)), ...(await probeRole(loop, role)), ...(await probeCluster(loop))];
}

async function probeVault({ vault }: Loop): Promise<Finding[]> {
  const read = async <T>(path: string) => (await vault.send<Answer<T>>("GET", path))?.data;
  const key = await read<{ auto_rotate_period: number }>("transit/keys/sops");
  const policies = await read<{ keys: string[] }>("sys/policies/acl?list=true");
  const devices = Object.keys((await read<object>("sys/audit")) ?? {});
  const own = (policies?.keys ?? []).filter((name) => name !== "root" && name !== "default");
  const days = (key?.auto_rotate_period ?? 0) / 86_400;
  return [
    ["encrypting under a mistyped key name", await typo(vault)],
    ["the key is rotated", days === 0 ? "never" : `every ${days} days`],
    ["policies", own.sort().join(", ")],
    ["audit device", devices.join(", ") || "none"],
  ];
}

async function typo(vault: Loop["vault"]): Promise<string> {
  return vault.send("POST", "transit/encrypt/spos", { plaintext: "AA==" }).then(
    () => "makes a new key",
    (error: unknown) => `refused: ${messageOf(error).split(": ").at(-1)}`,
  );
}

async function probeRole({ vault, layout }: Loop, name: string): Promise<Finding[]> {
  const role = (await vault.send<Answer<Role>>("GET", `auth/kubernetes/role/${name}`))?.data;
  if (!role) throw new Error(`Vault has no role ${name}`);
  const identity = await VaultAs.withPolicy(vault, layout, role.token_policies[0] ?? "");
  const encrypted = await identity.post("transit/encrypt/sops", { plaintext: "AA==" });
  return [
    [
      "Flux's role wants the audience",
      role.audience === layout.vault.address ? "Vault's address" : role.audience || "any",
    ],
    ["Flux's token", `${role.token_type === "default" ? "service" : role.token_type}, ${role.token_ttl} s`],
    ["Flux may encrypt", encrypted.status === 200 ? "yes" : `no (${encrypted.status})`],
  ];
}

async function probeCluster({ layout }: Loop): Promise<Finding[]> {
  const api = KubeApi.admin(layout);
  try {
    const controller = await api.find(
      "/apis/apps/v1/namespaces/flux-system/deployments/kustomize-controller",
    );
    const sources = await api.list("/apis/source.toolkit.fluxcd.io/v1/gitrepositories");
    const kustomizations = await api.list("/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations");
    const knowsVault = JSON.stringify(controller ?? {}).includes("VAULT_CACERT");
    return [
      ["kustomize-controller knows Vault", knowsVault ? "yes" : "no"],
      ["GitRepositories, Kustomizations", `${sources.length}, ${kustomizations.length}`],
    ];
  } finally {
    api.close();
  }
}
