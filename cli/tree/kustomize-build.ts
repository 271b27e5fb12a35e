import { posix } from "node:path";
import { type FileDocument, isMapping } from "./kubernetes-documents";

const NAMES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** What a `kustomization.yaml` takes in, as paths relative to its own folder. */
export interface KustomizationFile {
  /** Files, and folders with a `kustomization.yaml` of their own. */
  readonly resources: readonly string[];
  /** Files that become values of generated Secrets; Flux decrypts them first. */
  readonly generated: readonly string[];
}

/** Whether this is kustomize's own file. */
export function isKustomizationFile(path: string): boolean {
  return NAMES.includes(posix.basename(path));
}

export function readKustomizationFile(documents: readonly FileDocument[]): KustomizationFile {
  const content = documents[0]?.value ?? {};
  const list = (name: string) => (Array.isArray(content[name]) ? (content[name] as unknown[]) : []);
  const texts = (values: readonly unknown[]) =>
    values.filter((value): value is string => typeof value === "string");
  const patches = list("patches").flatMap((patch) => (isMapping(patch) ? [patch.path] : []));
  const strategic = texts(list("patchesStrategicMerge")).filter((patch) => !patch.includes("\n"));
  const generators = list("secretGenerator").filter(isMapping);
  const generated = generators.flatMap((generator) => [
    ...["files", "envs"].flatMap((name) => (Array.isArray(generator[name]) ? generator[name] : [])),
    generator.env,
  ]);
  return {
    resources: texts([
      ...list("resources"),
      ...list("bases"),
      ...list("components"),
      ...patches,
      ...strategic,
    ]),
    // `key=path` names the key of the Secret too.
    generated: texts(generated).map((entry) => entry.slice(entry.indexOf("=") + 1)),
  };
}

/** Which files a folder comes to when kustomize, or Flux on its behalf, builds it. */
export class KustomizeBuild {
  private readonly folders = new Set<string>([""]);

  /**
   * @param files every file of the tree, sorted or not
   * @param kustomizations what each `kustomization.yaml` takes in, by its folder
   */
  constructor(
    private readonly files: readonly string[],
    private readonly kustomizations: ReadonlyMap<string, KustomizationFile>,
  ) {
    for (const file of files) {
      for (let folder = parent(file); folder !== "" && !this.folders.has(folder); folder = parent(folder))
        this.folders.add(folder);
    }
  }

  /** Files that building this folder reads. Empty where there is no such folder. */
  filesOf(folder: string): ReadonlySet<string> {
    const found = new Set<string>();
    this.collect(folder, found, new Set());
    return found;
  }

  private collect(folder: string, found: Set<string>, seen: Set<string>): void {
    if (seen.has(folder) || !this.folders.has(folder)) return;
    seen.add(folder);
    const file = this.kustomizations.get(folder);
    if (!file) {
      this.generate(folder, found, seen);
      return;
    }
    for (const entry of file.generated) found.add(within(folder, entry));
    for (const entry of file.resources) {
      if (entry.includes("://")) continue;
      const path = within(folder, entry);
      if (this.folders.has(path)) this.collect(path, found, seen);
      else found.add(path);
    }
  }

  /** Without a `kustomization.yaml`, Flux makes one of all manifests below; subfolders that have one are taken whole. */
  private generate(folder: string, found: Set<string>, seen: Set<string>): void {
    const prefix = folder === "" ? "" : `${folder}/`;
    for (const file of this.files) {
      if (!file.startsWith(prefix) || !/\.ya?ml$/.test(file)) continue;
      const own = this.ownFolder(parent(file), folder);
      if (own === undefined) found.add(file);
      else this.collect(own, found, seen);
    }
  }

  /** The topmost folder with a `kustomization.yaml`, from below `top` down to this one. */
  private ownFolder(folder: string, top: string): string | undefined {
    let own: string | undefined;
    for (let at = folder; at !== top && at.length > top.length; at = parent(at))
      if (this.kustomizations.has(at)) own = at;
    return own;
  }
}

function parent(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}

function within(folder: string, entry: string): string {
  const path = posix.join(folder, entry).replace(/\/+$/, "");
  return path === "." ? "" : path;
}
