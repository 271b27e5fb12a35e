import { resolve } from "node:path";
import { openBackends } from "../../backends/open-backends";
import { WorkTree } from "../../git/work-tree";
import type { Io } from "../../io";
import { statusOf, type TreeStatus } from "../../status/tree-status";
import type { Tree } from "../../tree/tree";
import { TreeReader } from "../../tree/tree-reader";
import { WorkTreeSource } from "../../tree/work-tree-source";
import type { Key } from "../report-schema";
import { DeclaredVersions } from "./declared-versions";

/** What the stack says of the files. */
export interface DeclaredFiles {
  readonly keys: readonly Key[];
  /** Text of `.sops.yaml`; undefined where the outputs have none. */
  readonly sopsConfig: string | undefined;
  /** Folders that the stack's Kustomizations build. */
  readonly folders: readonly string[];
}

/** The deploy repository: which files there are, and how each stands to its keys. */
export interface FilesReading {
  readonly tree: Tree;
  readonly status: TreeStatus;
  /** Whether the key servers were asked. */
  readonly asked: boolean;
  readonly declared: DeclaredFiles;
}

/**
 * Reads a checkout of the deploy repository, decrypting nothing.
 *
 * @param live whether the key servers say which versions are current; else the stack's state does.
 * @throws CliError (2) where there is no such checkout, or, with `live`, no server can be asked.
 */
export async function readFiles(
  folder: string,
  declared: DeclaredFiles,
  live: boolean,
  io: Io,
): Promise<FilesReading> {
  const paths = [resolve(io.cwd, folder)];
  const source = await WorkTreeSource.of(await WorkTree.of(io.cwd, paths, io.env), paths);
  const tree = await TreeReader.read(source);
  if (!live) {
    const { keys } = declared;
    const sources = [new DeclaredVersions("hc_vault", keys), new DeclaredVersions("azure_kv", keys)];
    return { tree, status: await statusOf(tree, sources, source.asked), asked: false, declared };
  }
  const backends = openBackends(io.env, tree.configs.texts.values(), (line) => {
    io.stderr.write(`sopsloop: ${line}\n`);
  });
  try {
    return { tree, status: await statusOf(tree, backends, source.asked), asked: true, declared };
  } finally {
    for (const backend of backends) backend.close();
  }
}
