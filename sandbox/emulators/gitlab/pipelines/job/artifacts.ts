import { copyFileSync, lstatSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ArtifactRules } from "../config/planned-job";
import type { ArtifactFile } from "../contract";
import { expand } from "../variables/expand";
import { git } from "./checkout";

/** The type of the files under `artifacts: paths`. */
export const ARCHIVE = "archive";

/**
 * Keeps what a job leaves behind: the archive as the rules say, reports in any case. Each type has a folder of its own in `folder`.
 *
 * @param tree the job's work tree.
 * @param variables fill in `$NAME` in paths.
 */
export async function keepArtifacts(
  tree: string,
  folder: string,
  rules: ArtifactRules,
  succeeded: boolean,
  variables: Readonly<Record<string, string>>,
): Promise<ArtifactFile[]> {
  const filled = (paths: readonly string[]) =>
    paths
      .map((path) => relativePath(expand(path, variables), tree))
      .filter((path) => !/^(?:\/|\.\.)/.test(path));
  const archived = rules.when === "always" || (rules.when === "on_success") === succeeded;
  const groups = Object.entries({ ...rules.reports, ...(archived && { [ARCHIVE]: rules.paths }) });
  const kept: ArtifactFile[] = [];
  for (const [type, paths] of groups) {
    for (const path of await matching(tree, filled(paths), filled(rules.exclude))) {
      const copy = join(folder, type, path);
      mkdirSync(dirname(copy), { recursive: true, mode: 0o700 });
      copyFileSync(join(tree, path), copy);
      kept.push({ type, path: join(type, path), size: lstatSync(copy).size });
    }
  }
  return kept;
}

/** Copies a job's archive into the work tree of a later one. */
export function layArtifacts(folder: string, files: readonly ArtifactFile[], tree: string): void {
  for (const { path } of files.filter(({ type }) => type === ARCHIVE)) {
    const place = join(tree, path.slice(ARCHIVE.length + 1));
    mkdirSync(dirname(place), { recursive: true });
    copyFileSync(join(folder, path), place);
  }
}

/** The variables in a job's `dotenv` reports. */
export function reportedVariables(folder: string, files: readonly ArtifactFile[]): Record<string, string> {
  const lines = files
    .filter(({ type }) => type === "dotenv")
    .flatMap(({ path }) => readFileSync(join(folder, path), "utf8").split(/\r?\n/));
  const pairs = lines.flatMap((line) => {
    const [, name, value = ""] = /^([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value.replace(/^(["'])(.*)\1$/, "$2")]];
  });
  return Object.fromEntries(pairs);
}

/** Git matches the patterns: its `glob` is what GitLab has, and a folder's name stands for all that is in it. */
async function matching(
  tree: string,
  paths: readonly string[],
  exclude: readonly string[],
): Promise<string[]> {
  if (paths.length === 0) return [];
  const patterns = [
    ...paths.map((path) => `:(glob)${path}`),
    ...exclude.map((path) => `:(exclude,glob)${path}`),
  ];
  const listed = await git(tree, ["ls-files", "-z", "--cached", "--others", "--", ...patterns]);
  const files = [...new Set(listed.split("\0").filter((path) => path !== ""))];
  // The index also names what the job has removed, and a link may lead out of the tree.
  return files.filter((path) => lstatSync(join(tree, path), { throwIfNoEntry: false })?.isFile());
}

function relativePath(path: string, tree: string): string {
  const relative = path.startsWith(`${tree}/`) ? path.slice(tree.length + 1) : path;
  return relative.replace(/^\.\//, "").replace(/\/+$/, "");
}
