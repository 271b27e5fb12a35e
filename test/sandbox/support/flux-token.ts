import type { KubeApi } from "../../../sandbox/servers/kube-api";

/** A token of an account in Flux's namespace, as the API server gives it out for an audience. */
export async function fluxToken(kube: KubeApi, account: string, audience: string): Promise<string> {
  const path = `/api/v1/namespaces/flux-system/serviceaccounts/${account}/token`;
  const { status } = await kube.create<{ status: { token: string } }>(path, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { audiences: [audience], expirationSeconds: 600 },
  });
  return status.token;
}
