import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import * as pulumi from "@pulumi/pulumi";

export interface FluxAlertsArgs {
  /** Namespace that Flux runs in. */
  readonly namespace: string;
  /** Name of Alert and Provider. @default sopsloop */
  readonly objects?: string | undefined;
  /** Kind of webhook, as Flux names it. */
  readonly type: string;
  readonly channel?: string | undefined;
  readonly severity: "info" | "error";
  /** The webhook's address. It is a credential: pass it as a secret. */
  readonly address: pulumi.Output<string>;
  /** Namespaces whose Kustomizations are watched; repeated ones count once. */
  readonly namespaces: readonly string[];
}

const API_VERSION = "notification.toolkit.fluxcd.io/v1beta3";

/** Tells a webhook when a Kustomization fails, decryption included: Flux has no metric for that. */
export class FluxAlerts extends pulumi.ComponentResource {
  /** Name of the Alert in Flux's namespace. */
  public readonly alert: pulumi.Output<string>;

  constructor(name: string, args: FluxAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:flux:FluxAlerts", name, {}, opts);

    const { objects = "sopsloop" } = args;
    const metadata = { name: objects, namespace: args.namespace };
    const address = pulumi.secret(args.address);
    const webhook = new Secret(
      `${name}-webhook`,
      {
        metadata: { name: `${objects}-webhook`, namespace: args.namespace },
        data: { address: address.apply((text) => Buffer.from(text, "utf8").toString("base64")) },
      },
      { parent: this },
    );
    const provider = new CustomResource(
      `${name}-provider`,
      {
        apiVersion: API_VERSION,
        kind: "Provider",
        metadata,
        spec: {
          type: args.type,
          ...(args.channel !== undefined && { channel: args.channel }),
          secretRef: { name: webhook.metadata.name },
        },
      },
      { parent: this },
    );
    const alert = new CustomResource(
      `${name}-alert`,
      {
        apiVersion: API_VERSION,
        kind: "Alert",
        metadata,
        spec: {
          providerRef: { name: provider.metadata.name },
          eventSeverity: args.severity,
          eventSources: [...new Set(args.namespaces)]
            .sort()
            .map((namespace) => ({ kind: "Kustomization", name: "*", namespace })),
        },
      },
      { parent: this },
    );

    this.alert = alert.metadata.apply((made) => made.name ?? objects);
    this.registerOutputs({ alert: this.alert });
  }
}
