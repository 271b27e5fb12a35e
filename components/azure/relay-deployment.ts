import { createHash } from "node:crypto";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim";
import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import { Service } from "@pulumi/kubernetes/core/v1/service";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import * as pulumi from "@pulumi/pulumi";
import { relayNetworkRules } from "./relay-network";
import { CA_FILE, RELAY, RELAY_CA, RELAY_CLAIMS, RELAY_PORT, relayPod } from "./relay-pod";

export interface RelayDeploymentArgs {
  /** A namespace of the relay's own, which is made; all other traffic of it is denied. */
  readonly namespace: string;
  /** Container image that has `sopsloop` on its PATH. */
  readonly image: string;
  /** Absent: the cluster's default. */
  readonly storageClass?: string | undefined;
  /** Size of the volume that remembers what was dealt with, such as `1Gi`. */
  readonly claimsSize: string;
  /** Where somebody else's ingress leads to the Service, `https://…` without a slash at its end. */
  readonly url: string;
  /** Environment variables that are no secrets. */
  readonly settings: Readonly<Record<string, pulumi.Input<string>>>;
  /** Secrets by environment variable. */
  readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
  /** PEM text of the CA that signed GitLab's certificate; absent for a public one. */
  readonly caPem?: pulumi.Output<string> | undefined;
  /** TCP ports that the relay has to reach. */
  readonly ports: readonly number[];
}

/** The relay in the cluster: it may start pipelines, and is nobody there. */
export class RelayDeployment extends pulumi.ComponentResource {
  /** `https://…` as given, once the relay runs behind its Service. */
  public readonly url: pulumi.Output<string>;

  constructor(name: string, args: RelayDeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:azure:RelayDeployment", name, {}, opts);

    const { namespace, image, caPem, url } = args;
    const place = new Namespace(
      `${name}-namespace`,
      {
        metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
      },
      // The ingress that leads to the relay is in it too, and may have been there first.
      { parent: this, retainOnDelete: true },
    );
    const inside = { parent: this, dependsOn: place };
    const account = new ServiceAccount(
      `${name}-account`,
      { metadata: { name: RELAY, namespace }, automountServiceAccountToken: false },
      inside,
    );
    const policies = Object.entries(relayNetworkRules(args.ports)).map(
      ([rule, spec]) =>
        new NetworkPolicy(
          `${name}-${rule}`,
          { metadata: { name: `sopsloop-${rule}`, namespace }, spec },
          inside,
        ),
    );
    const secret = new Secret(
      `${name}-secrets`,
      { metadata: { name: RELAY, namespace }, data: encoded(args.secrets) },
      inside,
    );
    const ca =
      caPem &&
      new ConfigMap(
        `${name}-ca`,
        { metadata: { name: RELAY_CA, namespace }, data: { [CA_FILE]: caPem } },
        inside,
      );
    const claims = new PersistentVolumeClaim(
      `${name}-claims`,
      {
        metadata: {
          name: RELAY_CLAIMS,
          namespace,
          // Many classes make a volume for the first pod that asks for it, and the pod comes later.
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: {
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: args.claimsSize } },
          ...(args.storageClass !== undefined && { storageClassName: args.storageClass }),
        },
      },
      inside,
    );
    const deployment = new Deployment(
      `${name}-deployment`,
      {
        metadata: { name: RELAY, namespace },
        spec: {
          replicas: 1,
          // One volume, which one node has.
          strategy: { type: "Recreate" },
          selector: { matchLabels: { app: RELAY } },
          template: relayPod({
            image,
            environment: args.settings,
            secrets: Object.keys(args.secrets),
            caSha256: caPem?.apply(sha256),
          }),
        },
      },
      { parent: this, dependsOn: [account, secret, claims, ...policies, ...(ca ? [ca] : [])] },
    );
    const service = new Service(
      `${name}-service`,
      {
        metadata: { name: RELAY, namespace },
        spec: {
          selector: { app: RELAY },
          ports: [{ name: "http", port: RELAY_PORT, targetPort: RELAY_PORT }],
        },
      },
      inside,
    );

    this.url = pulumi.all([deployment.id, service.id]).apply(() => url);
    this.registerOutputs({ url: this.url });
  }
}

function encoded(secrets: Readonly<Record<string, pulumi.Output<string>>>) {
  const entries = Object.entries(secrets).map(
    ([variable, value]) =>
      [variable, pulumi.secret(value).apply((text) => Buffer.from(text, "utf8").toString("base64"))] as const,
  );
  return Object.fromEntries(entries);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
