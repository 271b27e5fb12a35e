import * as pulumi from "@pulumi/pulumi";
import { isOfType, optionsOf, propertiesOf, type Shape } from "./shape";

/** What RepositoryFile is created from. */
export interface RepositoryFileArgs {
  /** Author of the commits. Default: the provider's user. */
  authorEmail?: pulumi.Input<string | undefined>;
  /** Author of the commits. Default: the provider's user. */
  authorName?: pulumi.Input<string | undefined>;
  /** Branch to commit to. */
  branch: pulumi.Input<string>;
  /** Message of every commit, where none below is given. */
  commitMessage?: pulumi.Input<string | undefined>;
  /** What the file holds: as it is, or in base64, as `encoding` says. */
  content: pulumi.Input<string>;
  /** Message of the commit that adds the file. */
  createCommitMessage?: pulumi.Input<string | undefined>;
  /** Message of the commit that removes it. */
  deleteCommitMessage?: pulumi.Input<string | undefined>;
  /** `text` or `base64`: the form of `content`. */
  encoding: pulumi.Input<string>;
  /** True makes the file executable. */
  executeFilemode?: pulumi.Input<boolean | undefined>;
  /** Path from the repository's root, without a slash in front. */
  filePath: pulumi.Input<string>;
  /** Default false: a file that is there already is an error. True takes it over. */
  overwriteOnCreate?: pulumi.Input<boolean | undefined>;
  /** Id of the project, or its full path. */
  project: pulumi.Input<string>;
  /** Branch to begin `branch` from, where there is none yet. */
  startBranch?: pulumi.Input<string | undefined>;
  /** Message of the commits that change it. */
  updateCommitMessage?: pulumi.Input<string | undefined>;
}

/** What is known of a RepositoryFile that is looked up by its id. */
export interface RepositoryFileState extends Partial<RepositoryFileArgs> {
  /** Git's id of the content. */
  blobId?: pulumi.Input<string | undefined>;
  /** The branch's newest commit when the file was read. */
  commitId?: pulumi.Input<string | undefined>;
  /** SHA-256 of the content, in hex. */
  contentSha256?: pulumi.Input<string | undefined>;
  /** Last part of the path. */
  fileName?: pulumi.Input<string | undefined>;
  /** The newest commit that changed the file. */
  lastCommitId?: pulumi.Input<string | undefined>;
  /** The branch that was read. */
  ref?: pulumi.Input<string | undefined>;
  /** Bytes. */
  size?: pulumi.Input<number | undefined>;
}

const shape: Shape<RepositoryFileState> = {
  authorEmail: "optional",
  authorName: "optional",
  branch: "required",
  commitMessage: "optional",
  content: "required",
  createCommitMessage: "optional",
  deleteCommitMessage: "optional",
  encoding: "required",
  executeFilemode: "optional",
  filePath: "required",
  overwriteOnCreate: "optional",
  project: "required",
  startBranch: "optional",
  updateCommitMessage: "optional",
  blobId: "output",
  commitId: "output",
  contentSha256: "output",
  fileName: "output",
  lastCommitId: "output",
  ref: "output",
  size: "output",
};

/** A file of a repository. Each change of it is a commit. Import by `<project>:<branch>:<file path>`. */
export class RepositoryFile extends pulumi.CustomResource {
  /** @internal */
  public static readonly __pulumiType = "gitlab:index/repositoryFile:RepositoryFile";

  /** The existing one with this id, which is read and not managed. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: RepositoryFileState,
    opts?: pulumi.CustomResourceOptions,
  ): RepositoryFile {
    return new RepositoryFile(name, state as RepositoryFileArgs, { ...opts, id });
  }

  /** True for a RepositoryFile, of another copy of this package as well. */
  public static override isInstance(obj: unknown): obj is RepositoryFile {
    return isOfType(obj, RepositoryFile.__pulumiType);
  }

  declare public readonly authorEmail: pulumi.Output<string | undefined>;
  declare public readonly authorName: pulumi.Output<string | undefined>;
  declare public readonly branch: pulumi.Output<string>;
  declare public readonly commitMessage: pulumi.Output<string | undefined>;
  declare public readonly content: pulumi.Output<string>;
  declare public readonly createCommitMessage: pulumi.Output<string | undefined>;
  declare public readonly deleteCommitMessage: pulumi.Output<string | undefined>;
  declare public readonly encoding: pulumi.Output<string>;
  declare public readonly executeFilemode: pulumi.Output<boolean | undefined>;
  declare public readonly filePath: pulumi.Output<string>;
  declare public readonly overwriteOnCreate: pulumi.Output<boolean | undefined>;
  declare public readonly project: pulumi.Output<string>;
  declare public readonly startBranch: pulumi.Output<string | undefined>;
  declare public readonly updateCommitMessage: pulumi.Output<string | undefined>;
  declare public readonly blobId: pulumi.Output<string>;
  declare public readonly commitId: pulumi.Output<string>;
  declare public readonly contentSha256: pulumi.Output<string>;
  declare public readonly fileName: pulumi.Output<string>;
  declare public readonly lastCommitId: pulumi.Output<string>;
  declare public readonly ref: pulumi.Output<string>;
  declare public readonly size: pulumi.Output<number>;

  constructor(name: string, args: RepositoryFileArgs, opts?: pulumi.CustomResourceOptions);
  constructor(
    name: string,
    given?: RepositoryFileArgs | RepositoryFileState,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(RepositoryFile.__pulumiType, name, propertiesOf(shape, given, opts), optionsOf(shape, opts));
  }
}
