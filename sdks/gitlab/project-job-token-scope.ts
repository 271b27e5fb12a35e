import * as pulumi from "@pulumi/pulumi";
import { isOfType, optionsOf, propertiesOf, type Shape } from "./shape";

/** What ProjectJobTokenScope is created from. */
export interface ProjectJobTokenScopeArgs {
  /** Id of the project, or its full path. */
  project: pulumi.Input<string>;
  /** Id of the group that is let in. */
  targetGroupId?: pulumi.Input<number | undefined>;
  /** Id of the project that is let in. */
  targetProjectId?: pulumi.Input<number | undefined>;
}

/** What is known of a ProjectJobTokenScope that is looked up by its id. */
export type ProjectJobTokenScopeState = Partial<ProjectJobTokenScopeArgs>;

const shape: Shape<ProjectJobTokenScopeState> = {
  project: "required",
  targetGroupId: "optional",
  targetProjectId: "optional",
};

/** A project or group whose CI jobs may reach this project by their job token. One of the two targets is given. Import by `<project>:project:<id>` or `<project>:group:<id>`. */
export class ProjectJobTokenScope extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "gitlab:index/projectJobTokenScope:ProjectJobTokenScope";

  /** The existing one with this id, which is read and not managed. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: ProjectJobTokenScopeState,
    opts?: pulumi.CustomResourceOptions,
  ): ProjectJobTokenScope {
    return new ProjectJobTokenScope(name, state as ProjectJobTokenScopeArgs, { ...opts, id });
  }

  /** True for a ProjectJobTokenScope, of another copy of this package as well. */
  public static override isInstance(obj: unknown): obj is ProjectJobTokenScope {
    return isOfType(obj, ProjectJobTokenScope.__pulumiType);
  }

  declare public readonly project: pulumi.Output<string>;
  declare public readonly targetGroupId: pulumi.Output<number | undefined>;
  declare public readonly targetProjectId: pulumi.Output<number | undefined>;

  constructor(name: string, args: ProjectJobTokenScopeArgs, opts?: pulumi.CustomResourceOptions);
  constructor(
    name: string,
    given?: ProjectJobTokenScopeArgs | ProjectJobTokenScopeState,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(ProjectJobTokenScope.__pulumiType, name, propertiesOf(shape, given, opts), optionsOf(shape, opts));
  }
}
