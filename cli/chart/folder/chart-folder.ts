import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { CliError } from "../../errors/cli-error";
import { TEMPORARY } from "../../rewrap/replacements";
import { isMarked } from "../digests/digest-line";
import { KUSTOMIZATION_FILE } from "./kustomization";

/** The chart's folder in the deploy repository, as it is on disk. Paths are relative to the repository's root, with `/`. */
export class ChartFolder {
  /** Contents of the files that the command wrote, by path. */
  readonly own = new Map<string, string>();
  /** Every other regular file, and whatever else has a name there. */
  readonly foreign = new Set<string>();
  /** What a killed run has left beside its files. */
  readonly leftovers: string[] = [];

  private constructor(private readonly root: string) {}

  /**
   * @param root absolute.
   * @param folder `""` for the root itself.
   * @throws CliError where a part of the path is no plain folder.
   */
  static read(root: string, folder: string): ChartFolder {
    const found = new ChartFolder(root);
    const parts = folder === "" ? [] : folder.split("/");
    for (let length = 1; length <= parts.length; length++) {
      const path = parts.slice(0, length).join("/");
      const stats = lstatSync(join(root, path), { throwIfNoEntry: false });
      if (!stats) return found;
      if (!stats.isDirectory())
        throw new CliError(`${path}: is no folder of its own; name another one by --into`, 2);
    }
    found.walk(folder);
    return found;
  }

  private walk(folder: string): void {
    for (const entry of readdirSync(join(this.root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (entry.name === ".git") continue;
      if (entry.isDirectory()) this.enter(path);
      else if (TEMPORARY.test(entry.name)) this.leftovers.push(path);
      else if (entry.isFile() && /\.ya?ml$/.test(entry.name)) this.take(path);
      else this.foreign.add(path);
    }
  }

  private enter(folder: string): void {
    if (!isChartFolder(join(this.root, folder))) this.walk(folder);
  }

  private take(path: string): void {
    const text = readFileSync(join(this.root, path), "utf8");
    if (isMarked(text)) this.own.set(path, text);
    else this.foreign.add(path);
  }
}

/** Whether the command wrote a list of its own there: below another chart's folder it is not that chart's. @param folder absolute. */
export function isChartFolder(folder: string): boolean {
  const list = join(folder, KUSTOMIZATION_FILE);
  const isFile = lstatSync(list, { throwIfNoEntry: false })?.isFile() === true;
  return isFile && isMarked(readFileSync(list, "utf8"));
}
