import * as pulumi from "@pulumi/pulumi";
import { Policy } from "@pulumi/vault/policy";
import { keyGrants, policyText } from "./policy-text";
import type { TransitKey } from "./transit-key";

export interface PipelinePoliciesArgs {
  /** The key that the policies are about. */
  readonly key: TransitKey;
  /** First part of their names, from `policyScope`. */
  readonly scope: string;
  /** Also make the chart job's. */
  readonly chart: boolean;
}

/** What each job of the deploy repository may do with the key; the status job has the policy of every status check. */
export class PipelinePolicies extends pulumi.ComponentResource {
  /** Policy name, `<scope>-rewrap`: wrap data keys anew without seeing them. */
  public readonly rewrap: pulumi.Output<string>;
  /** Policy name, `<scope>-chart`: encrypt, and recognise what has not changed. Absent without a chart job. */
  public readonly chart: pulumi.Output<string> | undefined;
  /** Text of each policy by its name, as it stands in Vault. */
  public readonly texts: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: PipelinePoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:vault:PipelinePolicies", name, {}, opts);

    const grants = pulumi.all([args.key.mount, args.key.key]).apply(([mount, key]) => keyGrants(mount, key));
    const policy = (job: "rewrap" | "chart") =>
      new Policy(
        `${name}-${job}`,
        { name: `${args.scope}-${job}`, policy: grants.apply((all) => policyText(all[job])) },
        { parent: this },
      );
    const rewrap = policy("rewrap");
    const chart = args.chart ? policy("chart") : undefined;

    this.rewrap = rewrap.name;
    this.chart = chart?.name;
    this.texts = pulumi
      .all([rewrap, ...(chart ? [chart] : [])].map(({ name, policy }) => pulumi.all([name, policy])))
      .apply((pairs) => Object.fromEntries(pairs));
    this.registerOutputs({ rewrap: this.rewrap, chart: this.chart, texts: this.texts });
  }
}
