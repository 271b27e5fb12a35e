import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding";
import * as pulumi from "@pulumi/pulumi";

export interface TokenReviewerArgs {
  /** Namespace of the service account. */
  readonly namespace: string;
  /** Name of the service account; its binding and Secret share the name. */
  readonly serviceAccount: string;
}

/**
 * A service account that may only ask the API server whether a token is genuine, with a token that does not expire,
 * for a Vault outside of the cluster.
 */
export class TokenReviewer extends pulumi.ComponentResource {
  /** The account's token, secret. */
  public readonly jwt: pulumi.Output<string>;
  /** The API server's CA as the cluster hands it out, PEM. */
  public readonly caPem: pulumi.Output<string>;

  constructor(name: string, args: TokenReviewerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:kubernetes:TokenReviewer", name, {}, opts);

    const { namespace } = args;
    const account = new ServiceAccount(
      `${name}-account`,
      { metadata: { name: args.serviceAccount, namespace }, automountServiceAccountToken: false },
      { parent: this },
    );
    const binding = new ClusterRoleBinding(
      `${name}-binding`,
      {
        metadata: { name: `${namespace}-${args.serviceAccount}` },
        roleRef: {
          apiGroup: "rbac.authorization.k8s.io",
          kind: "ClusterRole",
          name: "system:auth-delegator",
        },
        subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace }],
      },
      { parent: this },
    );
    // The token controller fills this Secret after it is made; the provider waits until it has.
    const token = new Secret(
      `${name}-token`,
      {
        metadata: {
          name: args.serviceAccount,
          namespace,
          annotations: { "kubernetes.io/service-account.name": account.metadata.name },
        },
        type: "kubernetes.io/service-account-token",
      },
      { parent: this, dependsOn: binding },
    );

    const where = `${namespace}/${args.serviceAccount}`;
    // Both wait for the binding too: Vault must not be given a token that may not review yet.
    const data = pulumi.secret(pulumi.all([token.data, binding.id])).apply(([filled]) => filled ?? {});
    this.jwt = data.apply((filled) => decoded(filled, "token", where));
    // The CA is public, and inherits the mark of the Secret it came in.
    this.caPem = pulumi.unsecret(data.apply((filled) => decoded(filled, "ca.crt", where)));
    this.registerOutputs({ jwt: this.jwt, caPem: this.caPem });
  }
}

function decoded(data: Readonly<Record<string, string>>, key: string, where: string): string {
  const value = data[key];
  if (!value) {
    throw new pulumi.RunError(
      `Secret ${where} got no ${key} from the cluster's token controller; see that kube-controller-manager runs, then delete the Secret, run pulumi refresh and pulumi up`,
    );
  }
  return Buffer.from(value, "base64").toString("utf8");
}
