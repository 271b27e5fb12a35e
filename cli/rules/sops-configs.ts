import type { CreationRule } from "./creation-rule";
import { SopsConfig } from "./sops-config";

export const CONFIG_NAME = ".sops.yaml";

/** Which rule a file falls under, and where it stands. */
export interface RuleOfFile {
  /** Path of the `.sops.yaml`, relative to the tree. */
  readonly config: string;
  readonly rule: CreationRule;
  /** The file's path as the rule sees it: relative to the folder of the `.sops.yaml`. */
  readonly path: string;
}

/**
 * Every `.sops.yaml` of a tree. sops itself looks for one from the folder upwards in which it is called; a whole tree has no such
 * folder, so that here each file's own folder is the start. The two agree for whoever works in the file's folder or has one
 * `.sops.yaml`. Above the tree nothing is looked for: what is not committed does not bind others.
 */
export class SopsConfigs {
  private readonly configs: ReadonlyMap<string, SopsConfig>;
  private readonly nearest = new Map<string, string | undefined>();

  /**
   * @param texts by the path of the `.sops.yaml`, relative to the tree, with `/`
   */
  constructor(readonly texts: ReadonlyMap<string, string>) {
    this.configs = new Map([...texts].map(([path, text]) => [folderOf(path), new SopsConfig(text)]));
  }

  /** By the path of the `.sops.yaml`. */
  get all(): ReadonlyMap<string, SopsConfig> {
    return new Map([...this.configs].map(([folder, config]) => [pathIn(folder), config]));
  }

  /** Undefined where no `.sops.yaml` is near, or where it has no rule for this file. */
  ruleFor(path: string): RuleOfFile | undefined {
    const folder = this.folderFor(folderOf(path));
    const config = folder === undefined ? undefined : this.configs.get(folder);
    if (folder === undefined || !config) return undefined;
    const relative = folder === "" ? path : path.slice(folder.length + 1);
    const rule = config.ruleFor(relative);
    return rule && { config: pathIn(folder), rule, path: relative };
  }

  /** Path of the `.sops.yaml` that is asked for this file. */
  configFor(path: string): string | undefined {
    const folder = this.folderFor(folderOf(path));
    return folder === undefined ? undefined : pathIn(folder);
  }

  private folderFor(folder: string): string | undefined {
    if (this.configs.has(folder)) return folder;
    if (folder === "") return undefined;
    if (!this.nearest.has(folder)) this.nearest.set(folder, this.folderFor(folderOf(folder)));
    return this.nearest.get(folder);
  }
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}

function pathIn(folder: string): string {
  return folder === "" ? CONFIG_NAME : `${folder}/${CONFIG_NAME}`;
}
