import { BlobReader } from "../git/blob-reader";
import type { WorkTree } from "../git/work-tree";
import type { TreeSource } from "./tree-source";

/** `<mode> <type> <id>\t<path>` */
const ENTRY = /^(\d+) \w+ ([0-9a-f]+)\t([\s\S]+)$/;

/** The files of a commit, whatever is checked out. `close` ends its git. */
export class CommitSource implements TreeSource {
  readonly files: readonly string[];
  readonly asked: readonly string[];

  private constructor(
    private readonly ids: ReadonlyMap<string, string>,
    readonly skipped: TreeSource["skipped"],
    private readonly blobs: BlobReader,
  ) {
    this.files = [...ids.keys()];
    this.asked = this.files;
  }

  /** @param commit id of a commit that is in the repository. */
  static async of(
    tree: WorkTree,
    commit: string,
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<CommitSource> {
    const listed = await tree.git.run(["ls-tree", "-r", "-z", "--full-tree", commit]);
    const ids = new Map<string, string>();
    const skipped: { path: string; why: string }[] = [];
    for (const entry of listed.toString("utf8").split("\0")) {
      const [, mode, id, path] = ENTRY.exec(entry) ?? [];
      if (mode === undefined || id === undefined || path === undefined) continue;
      if (mode.startsWith("100")) ids.set(path, id);
      else skipped.push({ path, why: mode === "160000" ? "a submodule" : "a symbolic link" });
    }
    return new CommitSource(ids, skipped, new BlobReader(tree.root, env));
  }

  async read(path: string): Promise<Buffer | undefined> {
    const id = this.ids.get(path);
    return id === undefined ? undefined : this.blobs.read(id);
  }

  close(): void {
    this.blobs.close();
  }
}
