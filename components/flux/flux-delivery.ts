import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import * as pulumi from "@pulumi/pulumi";
import { isController } from "./decryptor-accounts";

/** The deploy repository. */
export interface GitSource {
  readonly name: string;
  readonly url: string;
  readonly branch: string;
  /** How often Flux looks for new commits, as Flux writes durations. */
  readonly interval: string;
  /** Secret in Flux's namespace with the credentials for the repository. */
  readonly secretRef?: string | undefined;
}

/** A folder of the deploy repository that Flux applies, decrypting as one service account. */
export interface DecryptedKustomization {
  readonly path: string;
  /** Key of one of the decryptors. */
  readonly decryptor: string;
  readonly interval: string;
  readonly prune: boolean;
  readonly wait: boolean;
  readonly timeout: string;
  readonly targetNamespace?: string | undefined;
}

interface Decryptor {
  readonly namespace: string;
  readonly serviceAccount: string;
}

export interface FluxDeliveryArgs {
  /** Namespace that Flux runs in; the source lives there. */
  readonly namespace: string;
  readonly source: GitSource;
  /** Service accounts that may decrypt, by key. */
  readonly decryptors: Readonly<Record<string, Decryptor>>;
  /** By name. Each lives in its decryptor's namespace, where Flux looks for the service account. */
  readonly kustomizations: Readonly<Record<string, DecryptedKustomization>>;
  /** Whether the controller decrypts by its pod's own token where it is the decryptor; else it asks for one, as for others. */
  readonly controllerHasToken?: boolean | undefined;
}

/** What Flux applies and as whom it decrypts it. */
export interface DeliveryRecord {
  readonly kustomization: string;
  readonly namespace: string;
  readonly path: string;
  readonly source: string;
  readonly branch: string;
  readonly serviceAccount: string;
  readonly targetNamespace: string | null;
}

/** The deploy repository and the Kustomizations that Flux decrypts from it. */
export class FluxDelivery extends pulumi.ComponentResource {
  /** One record for each Kustomization, sorted by name. */
  public readonly deliveries: pulumi.Output<readonly DeliveryRecord[]>;

  constructor(name: string, args: FluxDeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:flux:FluxDelivery", name, {}, opts);

    const { source } = args;
    const kustomizations = Object.entries(args.kustomizations)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, settings]) => ({ key, settings, decryptor: this.decryptorOf(args, key) }));
    const repository = new CustomResource(
      `${name}-source`,
      {
        apiVersion: "source.toolkit.fluxcd.io/v1",
        kind: "GitRepository",
        metadata: { name: source.name, namespace: args.namespace },
        spec: {
          url: source.url,
          ref: { branch: source.branch },
          interval: source.interval,
          ...(source.secretRef !== undefined && { secretRef: { name: source.secretRef } }),
        },
      },
      { parent: this },
    );
    for (const { key, settings, decryptor } of kustomizations) {
      new CustomResource(
        `${name}-kustomization-${key}`,
        {
          apiVersion: "kustomize.toolkit.fluxcd.io/v1",
          kind: "Kustomization",
          metadata: { name: key, namespace: decryptor.namespace },
          spec: kustomizationSpec(args, settings, decryptor),
        },
        // Applied before its source, a Kustomization waits half a minute before it looks again.
        { parent: this, dependsOn: repository },
      );
    }

    this.deliveries = pulumi.output(
      kustomizations.map(({ key, settings, decryptor }) => ({
        kustomization: key,
        namespace: decryptor.namespace,
        path: settings.path,
        source: source.url,
        branch: source.branch,
        serviceAccount: decryptor.serviceAccount,
        targetNamespace: settings.targetNamespace ?? null,
      })),
    );
    this.registerOutputs({ deliveries: this.deliveries });
  }

  private decryptorOf(args: FluxDeliveryArgs, kustomization: string): Decryptor {
    const key = args.kustomizations[kustomization]?.decryptor ?? "";
    const decryptor = args.decryptors[key];
    if (decryptor) return decryptor;
    throw new pulumi.ResourceError(
      `kustomization ${kustomization} names the decryptor "${key}", which is not among decryptors; add it there`,
      this,
      true,
    );
  }
}

function kustomizationSpec(
  { source, namespace, controllerHasToken }: FluxDeliveryArgs,
  { path, interval, prune, wait, timeout, targetNamespace }: DecryptedKustomization,
  decryptor: Decryptor,
) {
  // Named here, the controller's account would have a token asked for, and its pod's own would lie idle.
  const unnamed = controllerHasToken === true && isController(namespace, decryptor);
  return {
    sourceRef: { kind: "GitRepository", name: source.name, namespace },
    path,
    interval,
    prune,
    wait,
    timeout,
    ...(targetNamespace !== undefined && { targetNamespace }),
    // Not spec.serviceAccountName: that one is whom Flux applies as, this one whom it decrypts as.
    decryption: {
      provider: "sops",
      ...(!unnamed && { serviceAccountName: decryptor.serviceAccount }),
    },
  };
}
