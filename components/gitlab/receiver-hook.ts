import { ProjectHook } from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

export interface ReceiverHookArgs {
  readonly project: pulumi.Input<string>;
  /** The branch that Flux watches; pushes to others do not concern it. */
  readonly branch: string;
  /** Where GitLab reaches Flux's webhook receiver, without a slash at the end. */
  readonly url: string;
  /** Path of the Receiver, secret: who knows it can make Flux reconcile. */
  readonly path: pulumi.Output<string>;
  /** What the Receiver expects in `X-Gitlab-Token`, secret. */
  readonly token: pulumi.Output<string>;
}

/** Tells Flux of each push, so that it does not wait for its next look at the repository. */
export class ReceiverHook extends pulumi.ComponentResource {
  /** The hook's number within GitLab. */
  public readonly hookId: pulumi.Output<number>;

  constructor(name: string, args: ReceiverHookArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:gitlab:ReceiverHook", name, {}, opts);

    const hook = new ProjectHook(
      `${name}-hook`,
      {
        project: args.project,
        name: "Flux",
        description: "sopsloop: reconcile at once",
        url: pulumi.secret(pulumi.interpolate`${args.url}${args.path}`),
        token: pulumi.secret(args.token),
        pushEvents: true,
        branchFilterStrategy: "wildcard",
        pushEventsBranchFilter: args.branch,
        enableSslVerification: true,
      },
      { parent: this },
    );

    this.hookId = hook.hookId;
    this.registerOutputs({ hookId: this.hookId });
  }
}
