import * as pulumi from "@pulumi/pulumi";
import { isOfType, optionsOf, propertiesOf, type Shape } from "./shape";

/** What PipelineScheduleVariable is created from. */
export interface PipelineScheduleVariableArgs {
  /** Name of the variable. */
  key: pulumi.Input<string>;
  /** The schedule's `pipelineScheduleId`. */
  pipelineScheduleId: pulumi.Input<number>;
  /** Id of the project, or its full path. */
  project: pulumi.Input<string>;
  /** Its value. Not secret by itself: wrap it in `pulumi.secret` if it is one. */
  value: pulumi.Input<string>;
  /** `env_var` or `file`. Default `env_var`. */
  variableType?: pulumi.Input<string | undefined>;
}

/** What is known of a PipelineScheduleVariable that is looked up by its id. */
export type PipelineScheduleVariableState = Partial<PipelineScheduleVariableArgs>;

const shape: Shape<PipelineScheduleVariableState> = {
  key: "required",
  pipelineScheduleId: "required",
  project: "required",
  value: "required",
  variableType: "optional",
};

/** A variable of the pipelines that one schedule starts. Import by `<project>:<schedule id>:<key>`. */
export class PipelineScheduleVariable extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "gitlab:index/pipelineScheduleVariable:PipelineScheduleVariable";

  /** The existing one with this id, which is read and not managed. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: PipelineScheduleVariableState,
    opts?: pulumi.CustomResourceOptions,
  ): PipelineScheduleVariable {
    return new PipelineScheduleVariable(name, state as PipelineScheduleVariableArgs, { ...opts, id });
  }

  /** True for a PipelineScheduleVariable, of another copy of this package as well. */
  public static override isInstance(obj: unknown): obj is PipelineScheduleVariable {
    return isOfType(obj, PipelineScheduleVariable.__pulumiType);
  }

  declare public readonly key: pulumi.Output<string>;
  declare public readonly pipelineScheduleId: pulumi.Output<number>;
  declare public readonly project: pulumi.Output<string>;
  declare public readonly value: pulumi.Output<string>;
  declare public readonly variableType: pulumi.Output<string>;

  constructor(name: string, args: PipelineScheduleVariableArgs, opts?: pulumi.CustomResourceOptions);
  constructor(
    name: string,
    given?: PipelineScheduleVariableArgs | PipelineScheduleVariableState,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      PipelineScheduleVariable.__pulumiType,
      name,
      propertiesOf(shape, given, opts),
      optionsOf(shape, opts),
    );
  }
}
