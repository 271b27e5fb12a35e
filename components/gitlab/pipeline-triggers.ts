import { PipelineTrigger } from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

export interface PipelineTriggersArgs {
  readonly project: pulumi.Input<string>;
  /** One token each. Two while a token is replaced: first the new one beside the old, then the old one gone. */
  readonly names: readonly string[];
}

/** Tokens that can start a pipeline of the deploy repository, and nothing else. They act as the user whose token made them. */
export class PipelineTriggers extends pulumi.ComponentResource {
  /** Token by name, secret. */
  public readonly tokens: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: PipelineTriggersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:gitlab:PipelineTriggers", name, {}, opts);

    const tokens = args.names.map((trigger) => {
      const { token } = new PipelineTrigger(
        `${name}-trigger-${trigger}`,
        { project: args.project, description: `sopsloop: ${trigger}` },
        { parent: this },
      );
      return [trigger, token] as const;
    });

    this.tokens = pulumi.secret(pulumi.all(Object.fromEntries(tokens)));
    this.registerOutputs({ tokens: this.tokens });
  }
}
