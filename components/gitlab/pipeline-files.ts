import { RepositoryFile } from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

export interface PipelineFilesArgs {
  readonly project: pulumi.Input<string>;
  readonly branch: string;
  /** Text by path, in the order in which they are to be there: what includes others comes last. */
  readonly files: readonly (readonly [path: string, text: pulumi.Input<string>])[];
}

/** No pipeline for these commits: each of them alone is half of a change. */
const MESSAGE = "sopsloop: %s [skip ci]";

/** Files of the deploy repository that follow from the stack's config. What stood there before stays in git's history. */
export class PipelineFiles extends pulumi.ComponentResource {
  /** Their paths. */
  public readonly paths: pulumi.Output<readonly string[]>;

  constructor(name: string, args: PipelineFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:gitlab:PipelineFiles", name, {}, opts);

    const made: RepositoryFile[] = [];
    for (const [path, text] of args.files)
      made.push(
        new RepositoryFile(
          `${name}-file-${path}`,
          {
            project: args.project,
            branch: args.branch,
            filePath: path,
            content: text,
            encoding: "text",
            // A run that was killed after GitLab's work must be repeatable.
            overwriteOnCreate: true,
            authorName: "sopsloop",
            commitMessage: MESSAGE.replace("%s", path),
          },
          // One commit after the other: GitLab refuses two at a time.
          { parent: this, dependsOn: made.slice(-1) },
        ),
      );

    this.paths = pulumi.all(made.map(({ filePath }) => filePath));
    this.registerOutputs({ paths: this.paths });
  }
}
