import { resolve } from "node:path";
import { WorkTree } from "../../git/work-tree";
import type { Io } from "../../io";
import { TreeReader } from "../../tree/tree-reader";
import { WorkTreeSource } from "../../tree/work-tree-source";
import type { DeployFiles } from "./key-files";

/** @throws CliError (2) where there is no such checkout. */
export async function deployFiles(folder: string, io: Io): Promise<DeployFiles> {
  const paths = [resolve(io.cwd, folder)];
  const tree = await TreeReader.read(
    await WorkTreeSource.of(await WorkTree.of(io.cwd, paths, io.env), paths),
  );
  const unreadable = tree.problems.filter(({ check }) => check === "unreadable").length;
  return { encrypted: tree.encrypted, unreadable };
}
