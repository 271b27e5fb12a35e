import type { KubeApi } from "../servers/kube-api";

/** Where a proof's Secret lies in the cluster. */
export interface ProofSecret {
  readonly namespace: string;
  readonly name: string;
}

/** The Secret as a manifest, in plain text: to be encrypted before anything else is done with it. */
export function secretManifest({ namespace, name }: ProofSecret, password: string): string {
  return [
    "apiVersion: v1",
    "kind: Secret",
    "metadata:",
    `  name: ${name}`,
    `  namespace: ${namespace}`,
    "stringData:",
    `  password: ${password}`,
    "",
  ].join("\n");
}

/** What the cluster has; empty when it has no such Secret. */
export async function secretValue(api: KubeApi, { namespace, name }: ProofSecret): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
  const secret = await api.find<{ data?: { password?: string } }>(path);
  return Buffer.from(secret?.data?.password ?? "", "base64").toString("utf8");
}
