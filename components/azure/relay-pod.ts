import type * as pulumi from "@pulumi/pulumi";

export interface RelayPodArgs {
  /** Container image that has `sopsloop` on its PATH. */
  readonly image: string;
  /** Environment variables that are no secrets. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Variables that are, each a file of the Secret by that name. */
  readonly secrets: readonly string[];
  /** SHA-256 of the CA that signed GitLab's certificate; absent for a public one. */
  readonly caSha256?: pulumi.Input<string> | undefined;
}

/** Name of the relay's account, Secret, Deployment and Service, and the value of its pods' label `app`. */
export const RELAY = "sopsloop-relay";
export const RELAY_CLAIMS = `${RELAY}-claims`;
export const RELAY_CA = `${RELAY}-ca`;
export const RELAY_PORT = 8080;

/** Key of the CA in its ConfigMap. */
export const CA_FILE = "ca.pem";

const SECRETS = "/run/relay";
const CA = "/run/ca";
const CLAIMS = "/var/lib/relay";

/** A user of no image in particular: the group of the same number may write the claims and read the secrets. */
const NOBODY = 65_532;

/** The pod's template. It writes nothing but its claims, and is nobody in the cluster. */
export function relayPod({ image, environment, secrets, caSha256 }: RelayPodArgs) {
  const variables = {
    ...environment,
    RELAY_CLAIMS: `${CLAIMS}/claims`,
    ...Object.fromEntries(secrets.map((variable) => [`${variable}_FILE`, `${SECRETS}/${variable}`])),
    ...(caSha256 !== undefined && { NODE_EXTRA_CA_CERTS: `${CA}/${CA_FILE}` }),
  };
  const healthy = { httpGet: { path: "/healthz", port: RELAY_PORT } };
  return {
    metadata: {
      labels: { app: RELAY },
      // Secrets are read again while it runs, a CA only as it starts: another one is another pod.
      ...(caSha256 !== undefined && { annotations: { "sopsloop/ca-sha256": caSha256 } }),
    },
    spec: {
      serviceAccountName: RELAY,
      automountServiceAccountToken: false,
      // What is in hand is finished.
      terminationGracePeriodSeconds: 40,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: NOBODY,
        runAsGroup: NOBODY,
        fsGroup: NOBODY,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "relay",
          image,
          // Jobs of pipelines run in the same image, by its shell: it has no entry point of its own.
          command: ["sopsloop"],
          args: ["relay", "--listen", `0.0.0.0:${RELAY_PORT}`],
          env: Object.entries(variables).map(([name, value]) => ({ name, value })),
          ports: [{ containerPort: RELAY_PORT }],
          livenessProbe: healthy,
          readinessProbe: healthy,
          resources: { requests: { cpu: "10m", memory: "128Mi" }, limits: { cpu: "1", memory: "256Mi" } },
          securityContext: {
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: [
            { name: "secrets", mountPath: SECRETS, readOnly: true },
            { name: "claims", mountPath: CLAIMS },
            { name: "tmp", mountPath: "/tmp" },
            ...(caSha256 === undefined ? [] : [{ name: "ca", mountPath: CA, readOnly: true }]),
          ],
        },
      ],
      volumes: [
        { name: "secrets", secret: { secretName: RELAY, defaultMode: 0o440 } },
        { name: "claims", persistentVolumeClaim: { claimName: RELAY_CLAIMS } },
        { name: "tmp", emptyDir: {} },
        ...(caSha256 === undefined ? [] : [{ name: "ca", configMap: { name: RELAY_CA } }]),
      ],
    },
  };
}
