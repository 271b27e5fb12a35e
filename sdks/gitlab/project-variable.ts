import * as pulumi from "@pulumi/pulumi";
import { isOfType, optionsOf, propertiesOf, type Shape } from "./shape";

/** What ProjectVariable is created from. */
export interface ProjectVariableArgs {
  /** What the variable is for. */
  description?: pulumi.Input<string | undefined>;
  /** Environments that get it, `*` standing for any text. Default `*`. */
  environmentScope?: pulumi.Input<string | undefined>;
  /** Default false. True shows the value to nobody in GitLab once it is set. */
  hidden?: pulumi.Input<boolean | undefined>;
  /** Name of the variable. */
  key: pulumi.Input<string>;
  /** Default false. True blots the value out of job logs; it then has 8 characters or more, on one line. */
  masked?: pulumi.Input<boolean | undefined>;
  /** Id of the project, or its full path. */
  project: pulumi.Input<string>;
  /** Default false. True gives it only to pipelines of protected branches and tags. */
  protected?: pulumi.Input<boolean | undefined>;
  /** Default false. True leaves a `$` in the value as it is. */
  raw?: pulumi.Input<boolean | undefined>;
  /** Its value. Not secret by itself: wrap it in `pulumi.secret` if it is one. */
  value: pulumi.Input<string>;
  /** `env_var` or `file`. Default `env_var`. */
  variableType?: pulumi.Input<string | undefined>;
}

/** What is known of a ProjectVariable that is looked up by its id. */
export type ProjectVariableState = Partial<ProjectVariableArgs>;

const shape: Shape<ProjectVariableState> = {
  description: "optional",
  environmentScope: "optional",
  hidden: "optional",
  key: "required",
  masked: "optional",
  project: "required",
  protected: "optional",
  raw: "optional",
  value: "required",
  variableType: "optional",
};

/** A CI/CD variable of a project. Import by `<project>:<key>:<environment scope>`. */
export class ProjectVariable extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "gitlab:index/projectVariable:ProjectVariable";

  /** The existing one with this id, which is read and not managed. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: ProjectVariableState,
    opts?: pulumi.CustomResourceOptions,
  ): ProjectVariable {
    return new ProjectVariable(name, state as ProjectVariableArgs, { ...opts, id });
  }

  /** True for a ProjectVariable, of another copy of this package as well. */
  public static override isInstance(obj: unknown): obj is ProjectVariable {
    return isOfType(obj, ProjectVariable.__pulumiType);
  }

  declare public readonly description: pulumi.Output<string>;
  declare public readonly environmentScope: pulumi.Output<string>;
  declare public readonly hidden: pulumi.Output<boolean>;
  declare public readonly key: pulumi.Output<string>;
  declare public readonly masked: pulumi.Output<boolean>;
  declare public readonly project: pulumi.Output<string>;
  declare public readonly protected: pulumi.Output<boolean>;
  declare public readonly raw: pulumi.Output<boolean>;
  declare public readonly value: pulumi.Output<string>;
  declare public readonly variableType: pulumi.Output<string>;

  constructor(name: string, args: ProjectVariableArgs, opts?: pulumi.CustomResourceOptions);
  constructor(
    name: string,
    given?: ProjectVariableArgs | ProjectVariableState,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(ProjectVariable.__pulumiType, name, propertiesOf(shape, given, opts), optionsOf(shape, opts));
  }
}
