import { createHash } from "node:crypto";
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

/**
 * First part of the names of a key's policies and of its pipelines' roles, in lower case as Vault keeps them. No two keys of one Vault have the same: stacks do not
 * know of each other, and of two with one name, the second to run would give the first one's Flux another key to decrypt with. So a name that two keys could have
 * stays with the commoner one, and the other's ends in a digest.
 */
export function policyScope(of: { readonly mount: string; readonly key: string }): string {
  const { mount, key } = of;
  const name = mount === "transit" ? key : `${mount.replaceAll("/", "-")}-${key}`;
  if (isPlain(of) && !DIGESTED.test(name)) return name;
  const digest = createHash("sha256")
    .update(JSON.stringify([mount, key]))
    .digest("hex");
  return `${name.toLowerCase().replace(/^[-.]+/, "")}-x${digest.slice(0, 8)}`;
}

const DIGESTED = /-x[0-9a-f]{8}$/;

/**
 * Whether a key's name tells it from every other. One on the mount `transit` has its own name, unless the word `transit` is in it; one on another mount has the
 * mount's name in front, if that has the word, such as `transit-prod`. What is behind its last dash is the key then, and what is before it the mount.
 */
function isPlain({ mount, key }: { readonly mount: string; readonly key: string }): boolean {
  if (/[A-Z]/.test(mount + key)) return false;
  const hasWord = (name: string) => name.split("-").includes("transit");
  if (mount === "transit") return !hasWord(key);
  return hasWord(mount) && /^\w[\w.-]*$/.test(mount) && !key.includes("-");
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
