import { KubeApi } from "../../../sandbox/servers/kube-api";
import type { Loop } from "./loop";

const NAMESPACE = "flux-system";
const REVIEWER = "guide-reviewer";

/** A reviewer as a person would make it with kubectl before following the guide. Resolves with its token. */
async function reviewerToken(loop: Loop): Promise<string> {
  const kube = KubeApi.admin(loop.layout);
  try {
    await kube.create(`/api/v1/namespaces/${NAMESPACE}/serviceaccounts`, {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: REVIEWER },
    });
    await kube.create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: REVIEWER },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:auth-delegator" },
      subjects: [{ kind: "ServiceAccount", name: REVIEWER, namespace: NAMESPACE }],
    });
    const path = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${REVIEWER}/token`;
    const { status } = await kube.create<{ status: { token: string } }>(path, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 3600 },
    });
    return status.token;
  } finally {
    kube.close();
  }
}

/** The guide's own commands, line by line, for the servers of this sandbox. The reviewer's token comes from a file. */
export async function guideScript(loop: Loop): Promise<string> {
  const { address, ca } = loop.layout.kubernetes;
  const token = await reviewerToken(loop);
  return `set -eu
umask 077
vault secrets enable transit
vault write -f transit/keys/sops
vault policy write flux-sops-policy - <<'POLICY'
path "transit/encrypt/sops" {
  capabilities = ["update"]
}
path "transit/decrypt/sops" {
  capabilities = ["update"]
}
POLICY
vault auth enable kubernetes
cat > reviewer.jwt <<'TOKEN'
${token}
TOKEN
vault write auth/kubernetes/config kubernetes_host=${address} kubernetes_ca_cert=@${ca} token_reviewer_jwt=@reviewer.jwt
vault write auth/kubernetes/role/flux-sops-role \\
  bound_service_account_names=source-controller,kustomize-controller \\
  bound_service_account_namespaces=flux-system policies=flux-sops-policy ttl=24h
`;
}
