import * as pulumi from "@pulumi/pulumi";
import { Policy } from "@pulumi/vault/policy";
import type { TakeOver, TakeOvers } from "./existing";
import { keyGrants, policyText } from "./policy-text";
import type { TransitKey } from "./transit-key";

/** The Flux guide's name for its policy; adoption finds it by this name. */
export const GUIDE_POLICY = "flux-sops-policy";

export interface SopsPoliciesArgs {
  /** The key that the policies are about. */
  readonly key: TransitKey;
  /** First part of their names, from `policyScope`. */
  readonly scope: string;
  /** Also make the guide's policy, with encrypt and decrypt. */
  readonly guide: boolean;
  /** Take over the guide's policy where it exists already. */
  readonly existing: TakeOvers;
}

/** First part of the policies' names. Keys of one name under two mounts must not share policies. */
export function policyScope({ mount, key }: { readonly mount: string; readonly key: string }): string {
  return mount === "transit" ? key : `${mount.replaceAll("/", "-")}-${key}`;
}

/** Who may do what with the key: one narrow policy for each party. */
export class SopsPolicies extends pulumi.ComponentResource {
  /** Policy name, `<scope>-flux-decrypt`: decrypt, for Flux. */
  public readonly decrypt: pulumi.Output<string>;
  /** Policy name, `<scope>-pipeline`: encrypt and rewrap, for the pipeline. */
  public readonly pipeline: pulumi.Output<string>;
  /** Policy name, `<scope>-status`: read the key's versions, for the status check. */
  public readonly status: pulumi.Output<string>;
  /** Policy name, `flux-sops-policy`: the guide's own; absent when the guide is left out. */
  public readonly guide: pulumi.Output<string> | undefined;
  /** Text of each policy by its name, as it stands in Vault. */
  public readonly texts: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: SopsPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:vault:SopsPolicies", name, {}, opts);

    const grants = pulumi.all([args.key.mount, args.key.key]).apply(([mount, key]) => keyGrants(mount, key));
    const policy = (
      role: "decrypt" | "pipeline" | "status" | "guide",
      vaultName: string,
      over: TakeOver = {},
    ) =>
      new Policy(
        `${name}-${role}`,
        { name: vaultName, policy: grants.apply((all) => policyText(all[role])) },
        { parent: this, ...over },
      );
    const decrypt = policy("decrypt", `${args.scope}-flux-decrypt`);
    const pipeline = policy("pipeline", `${args.scope}-pipeline`);
    const status = policy("status", `${args.scope}-status`);
    const guide = args.guide
      ? policy("guide", GUIDE_POLICY, args.existing.object(`sys/policies/acl/${GUIDE_POLICY}`, GUIDE_POLICY))
      : undefined;

    this.decrypt = decrypt.name;
    this.pipeline = pipeline.name;
    this.status = status.name;
    this.guide = guide?.name;
    this.texts = pulumi
      .all(
        [decrypt, pipeline, status, ...(guide ? [guide] : [])].map(({ name, policy }) =>
          pulumi.all([name, policy]),
        ),
      )
      .apply((pairs) => Object.fromEntries(pairs));
    this.registerOutputs({
      decrypt: this.decrypt,
      pipeline: this.pipeline,
      status: this.status,
      guide: this.guide,
      texts: this.texts,
    });
  }
}
