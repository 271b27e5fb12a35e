import * as pulumi from "@pulumi/pulumi";
import { isOfType, optionsOf, propertiesOf, type Shape } from "./shape";
import type * as inputs from "./types/input";
import type * as outputs from "./types/output";

/** What PipelineSchedule is created from. */
export interface PipelineScheduleArgs {
  /** Default true. False keeps the schedule without running it. */
  active?: pulumi.Input<boolean | undefined>;
  /** When to run: five fields, `0 1 * * *`. */
  cron: pulumi.Input<string>;
  /** Time zone of `cron`, by its IANA or Rails name. Default UTC. */
  cronTimezone?: pulumi.Input<string | undefined>;
  /** What the schedule is for. Shown in GitLab. */
  description: pulumi.Input<string>;
  /** Values for the pipeline's `spec:inputs`, at most 20. */
  inputs?: pulumi.Input<pulumi.Input<inputs.PipelineScheduleInput>[] | undefined>;
  /** Id of the project, or its full path. */
  project: pulumi.Input<string>;
  /** Branch or tag, in full: `refs/heads/main`. */
  ref: pulumi.Input<string>;
  /** Default false. True makes the provider's own user the owner, on a change as well. */
  takeOwnership?: pulumi.Input<boolean | undefined>;
}

/** What is known of a PipelineSchedule that is looked up by its id. */
export interface PipelineScheduleState extends Partial<PipelineScheduleArgs> {
  /** Id of the user in whose name pipelines run. */
  owner?: pulumi.Input<number | undefined>;
  /** The schedule's number within GitLab. */
  pipelineScheduleId?: pulumi.Input<number | undefined>;
}

const shape: Shape<PipelineScheduleState> = {
  active: "optional",
  cron: "required",
  cronTimezone: "optional",
  description: "required",
  inputs: "optional",
  project: "required",
  ref: "required",
  takeOwnership: "optional",
  owner: "output",
  pipelineScheduleId: "output",
};

/** A schedule that starts pipelines, in the name of its owner. Import by `<project>:<schedule id>`. */
export class PipelineSchedule extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "gitlab:index/pipelineSchedule:PipelineSchedule";

  /** The existing one with this id, which is read and not managed. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: PipelineScheduleState,
    opts?: pulumi.CustomResourceOptions,
  ): PipelineSchedule {
    return new PipelineSchedule(name, state as PipelineScheduleArgs, { ...opts, id });
  }

  /** True for a PipelineSchedule, of another copy of this package as well. */
  public static override isInstance(obj: unknown): obj is PipelineSchedule {
    return isOfType(obj, PipelineSchedule.__pulumiType);
  }

  declare public readonly active: pulumi.Output<boolean>;
  declare public readonly cron: pulumi.Output<string>;
  declare public readonly cronTimezone: pulumi.Output<string>;
  declare public readonly description: pulumi.Output<string>;
  declare public readonly inputs: pulumi.Output<outputs.PipelineScheduleInput[] | undefined>;
  declare public readonly project: pulumi.Output<string>;
  declare public readonly ref: pulumi.Output<string>;
  declare public readonly takeOwnership: pulumi.Output<boolean>;
  declare public readonly owner: pulumi.Output<number>;
  declare public readonly pipelineScheduleId: pulumi.Output<number>;

  constructor(name: string, args: PipelineScheduleArgs, opts?: pulumi.CustomResourceOptions);
  constructor(
    name: string,
    given?: PipelineScheduleArgs | PipelineScheduleState,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(PipelineSchedule.__pulumiType, name, propertiesOf(shape, given, opts), optionsOf(shape, opts));
  }
}
