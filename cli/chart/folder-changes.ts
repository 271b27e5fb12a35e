import type { WorkTree } from "../git/work-tree";
import { Interruption } from "../rewrap/interruption";
import type { Progress } from "../rewrap/progress";
import { count } from "../rewrap/rewrap-work";
import type { FolderChange } from "./folder/folder-change";
import { FolderWriter } from "./folder/folder-writer";
import { type OwnCommits, TRAILER } from "./own-commits";

/** Brings changes into the work tree, and into a commit where one is wanted: all of them, or none. */
export class FolderChanges {
  constructor(
    private readonly tree: WorkTree,
    private readonly own: OwnCommits,
    /** Name of the release, for the commit's message. */
    private readonly release: string,
    private readonly progress: Progress,
  ) {}

  /**
   * @param encrypted Secrets among them that sops has made anew.
   * @throws CliError that says why not; the tree and the index are then as they were.
   */
  async write(
    changes: readonly FolderChange[],
    encrypted: number,
    committing: boolean,
  ): Promise<{ readonly commit?: string }> {
    const interruption = new Interruption();
    const writer = new FolderWriter(this.tree.root);
    try {
      await this.progress.start(`Writing ${count(changes.length, "file")}`, changes.length);
      writer.write(changes);
      try {
        await interruption.check();
        const commit = committing ? await this.commit(changes, encrypted) : undefined;
        writer.keep();
        return commit === undefined ? {} : { commit };
      } catch (error) {
        writer.undo();
        throw error;
      }
    } finally {
      interruption.close();
    }
  }

  /** Resolves with the commit's id. @throws CliError with git's own reason; the index is then as it was. */
  private async commit(changes: readonly FolderChange[], encrypted: number): Promise<string> {
    const added = changes.flatMap(({ path, before }) => (before === undefined ? [path] : []));
    try {
      await this.own.announce(added);
      const paths = changes.map(({ path }) => path);
      return await this.tree.commit(this.message(changes.length, encrypted), paths);
    } catch (error) {
      // Where git fails at this too, its first reason is the one to tell.
      await this.own.forget(added).catch(() => undefined);
      throw error;
    }
  }

  private message(files: number, encrypted: number): string {
    return [
      `Chart ${this.release}: ${count(files, "file")}`,
      "",
      `Rendered by helm; ${count(encrypted, "Secret")} encrypted anew by sops`,
      "",
      `${TRAILER}: ${this.own.trailer}`,
    ].join("\n");
  }
}
