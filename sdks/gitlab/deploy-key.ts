import * as pulumi from "@pulumi/pulumi";
import { isOfType, optionsOf, propertiesOf, type Shape } from "./shape";

/** What DeployKey is created from. */
export interface DeployKeyArgs {
  /** Default false. True lets the key's holder push. */
  canPush?: pulumi.Input<boolean | undefined>;
  /** When the key ceases to work: `2030-01-21T00:00:00Z`. Default: never. */
  expiresAt?: pulumi.Input<string | undefined>;
  /** The public half: `ssh-ed25519 AAAA…`. */
  key: pulumi.Input<string>;
  /** Id of the project, or its full path. */
  project: pulumi.Input<string>;
  /** What GitLab shows as its name. */
  title: pulumi.Input<string>;
}

/** What is known of a DeployKey that is looked up by its id. */
export interface DeployKeyState extends Partial<DeployKeyArgs> {
  /** The key's number within GitLab. */
  deployKeyId?: pulumi.Input<number | undefined>;
}

const shape: Shape<DeployKeyState> = {
  canPush: "optional",
  expiresAt: "optional",
  key: "required",
  project: "required",
  title: "required",
  deployKeyId: "output",
};

/** An SSH key that may read one project's repository, and write it when told so. Import by `<project>:<deploy key id>`. */
export class DeployKey extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "gitlab:index/deployKey:DeployKey";

  /** The existing one with this id, which is read and not managed. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: DeployKeyState,
    opts?: pulumi.CustomResourceOptions,
  ): DeployKey {
    return new DeployKey(name, state as DeployKeyArgs, { ...opts, id });
  }

  /** True for a DeployKey, of another copy of this package as well. */
  public static override isInstance(obj: unknown): obj is DeployKey {
    return isOfType(obj, DeployKey.__pulumiType);
  }

  declare public readonly canPush: pulumi.Output<boolean | undefined>;
  declare public readonly expiresAt: pulumi.Output<string | undefined>;
  declare public readonly key: pulumi.Output<string>;
  declare public readonly project: pulumi.Output<string>;
  declare public readonly title: pulumi.Output<string>;
  declare public readonly deployKeyId: pulumi.Output<number>;

  constructor(name: string, args: DeployKeyArgs, opts?: pulumi.CustomResourceOptions);
  constructor(name: string, given?: DeployKeyArgs | DeployKeyState, opts?: pulumi.CustomResourceOptions) {
    super(DeployKey.__pulumiType, name, propertiesOf(shape, given, opts), optionsOf(shape, opts));
  }
}
