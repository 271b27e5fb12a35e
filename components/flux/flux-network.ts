import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import { NetworkPolicyPatch } from "@pulumi/kubernetes/networking/v1/networkPolicyPatch";
import * as pulumi from "@pulumi/pulumi";
import { type NetworkRulesArgs, networkRules, STOCK_EGRESS_POLICY } from "./network-rules";

export interface FluxNetworkArgs extends NetworkRulesArgs {
  /** Namespace that Flux runs in. */
  readonly namespace: string;
  /** Whether Flux's stock policy `allow-egress` is to be made to select no pod. */
  readonly disarmStockPolicy: boolean;
}

/** A label that no pod has. */
const NO_POD = { matchLabels: { "sopsloop/superseded": "true" } };

/**
 * Denies all traffic in Flux's namespace but what the loop needs. Policies only add up, so the stock one that allows all
 * egress has to go: see docs/decisions/0003-network-policies.md.
 */
export class FluxNetwork extends pulumi.ComponentResource {
  /** Names of the policies in Flux's namespace, sorted. */
  public readonly policies: pulumi.Output<readonly string[]>;

  constructor(name: string, args: FluxNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:flux:FluxNetwork", name, {}, opts);

    const policies = Object.entries(networkRules(args)).map(
      ([rule, spec]) =>
        new NetworkPolicy(
          `${name}-${rule}`,
          { metadata: { name: `sopsloop-${rule}`, namespace: args.namespace }, spec },
          { parent: this },
        ),
    );

    if (args.disarmStockPolicy) {
      // A patch, not a deletion: when the program is destroyed, the stock policy gets its selector back.
      new NetworkPolicyPatch(
        `${name}-stock-egress`,
        {
          metadata: {
            name: STOCK_EGRESS_POLICY,
            namespace: args.namespace,
            annotations: { "pulumi.com/patchForce": "true" },
          },
          spec: { podSelector: NO_POD },
        },
        { parent: this, dependsOn: policies },
      );
    }

    this.policies = pulumi.all(policies.map(({ metadata }) => metadata.name)).apply((names) => names.sort());
    this.registerOutputs({ policies: this.policies });
  }
}
