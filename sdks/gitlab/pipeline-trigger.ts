import * as pulumi from "@pulumi/pulumi";
import { isOfType, optionsOf, propertiesOf, type Shape } from "./shape";

/** What PipelineTrigger is created from. */
export interface PipelineTriggerArgs {
  /** What the token is for. Shown in GitLab; no secret. */
  description: pulumi.Input<string>;
  /** Id of the project, or its full path. */
  project: pulumi.Input<string>;
}

/** What is known of a PipelineTrigger that is looked up by its id. */
export interface PipelineTriggerState extends Partial<PipelineTriggerArgs> {
  /** The trigger's number within GitLab. */
  pipelineTriggerId?: pulumi.Input<number | undefined>;
  /** The token itself, `glptt-…`. GitLab shows it in full to its owner only. */
  token?: pulumi.Input<string | undefined>;
}

const shape: Shape<PipelineTriggerState> = {
  description: "required",
  project: "required",
  pipelineTriggerId: "output",
  token: "secret output",
};

/** A token by which a system outside of GitLab starts pipelines, in the name of the user who made it. Import by `<project>:<trigger id>`. */
export class PipelineTrigger extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "gitlab:index/pipelineTrigger:PipelineTrigger";

  /** The existing one with this id, which is read and not managed. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: PipelineTriggerState,
    opts?: pulumi.CustomResourceOptions,
  ): PipelineTrigger {
    return new PipelineTrigger(name, state as PipelineTriggerArgs, { ...opts, id });
  }

  /** True for a PipelineTrigger, of another copy of this package as well. */
  public static override isInstance(obj: unknown): obj is PipelineTrigger {
    return isOfType(obj, PipelineTrigger.__pulumiType);
  }

  declare public readonly description: pulumi.Output<string>;
  declare public readonly project: pulumi.Output<string>;
  declare public readonly pipelineTriggerId: pulumi.Output<number>;
  declare public readonly token: pulumi.Output<string>;

  constructor(name: string, args: PipelineTriggerArgs, opts?: pulumi.CustomResourceOptions);
  constructor(
    name: string,
    given?: PipelineTriggerArgs | PipelineTriggerState,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(PipelineTrigger.__pulumiType, name, propertiesOf(shape, given, opts), optionsOf(shape, opts));
  }
}
