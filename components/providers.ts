import { Provider as GitLabProvider } from "@pulumi/gitlab";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider";
import { Provider as VaultProvider } from "@pulumi/vault/provider";
import type { CertificateSource } from "./kubernetes/ca-certificate";

export interface ProvidersArgs {
  readonly vault: {
    readonly address: string;
    readonly namespace?: string | undefined;
    readonly ca?: (CertificateSource & { readonly file?: string }) | undefined;
  };
  readonly kubernetes: { readonly kubeconfig?: string | undefined; readonly context?: string | undefined };
}

export interface GitLabProviderArgs {
  /** GitLab's URL, without a slash at the end. */
  readonly address: string;
  readonly ca?: (CertificateSource & { readonly file?: string }) | undefined;
}

/**
 * The two providers, explicit so that no ambient setting decides which server is changed. Paths stay relative to the
 * project folder, where plugins run: absolute ones would differ from checkout to checkout.
 */
export function providersOf({ vault, kubernetes }: ProvidersArgs) {
  const { file } = vault.ca ?? {};
  return {
    // The token comes from VAULT_TOKEN, read by the plugin itself, so that it never passes through the state. The
    // provider knows no CA but a file: with any other source, VAULT_CACERT has to name one.
    vault: new VaultProvider("vault", {
      address: vault.address,
      skipChildToken: true,
      ...(file !== undefined && { caCertFile: file }),
      ...(vault.namespace !== undefined && { namespace: vault.namespace }),
    }),
    kubernetes: new KubernetesProvider("kubernetes", {
      enableServerSideApply: true,
      // A run that was killed after the cluster's work must be repeatable.
      upsertExistingObjects: true,
      // Changed in place, since pods refer to them by name.
      enableConfigMapMutable: true,
      enableSecretMutable: true,
      ...(kubernetes.kubeconfig !== undefined && { kubeconfig: kubernetes.kubeconfig }),
      ...(kubernetes.context !== undefined && { context: kubernetes.context }),
    }),
  };
}

/** Explicit as the two others. Its token comes from GITLAB_TOKEN, read by the plugin itself; so does any CA that is no file, from SSL_CERT_FILE. */
export function gitlabProvider({ address, ca }: GitLabProviderArgs): GitLabProvider {
  const { file } = ca ?? {};
  return new GitLabProvider("gitlab", {
    baseUrl: `${address}/api/v4/`,
    ...(file !== undefined && { cacertFile: file }),
  });
}
