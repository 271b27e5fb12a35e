import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { CONFIG_NAME, type RuleOfFile, SopsConfigs } from "../rules/sops-configs";
import { type MarkedFile, markedFile } from "./digests/digest-line";
import { ruleFor } from "./encrypt/rule-fit";
import { ChartFolder } from "./folder/chart-folder";
import type { FolderChange } from "./folder/folder-change";
import { CHART_FILE, chartText, KUSTOMIZATION_FILE, kustomizationText } from "./folder/kustomization";
import { titleOf } from "./mapping/declared-secret";
import type { RenderedChart } from "./prepared";
import type { SecretContent } from "./values/secret-content";

/** A Secret and the file that it goes to. */
export interface PlannedSecret {
  readonly content: SecretContent;
  /** Relative to the repository's root. */
  readonly path: string;
  readonly rule: RuleOfFile;
  /** The file as it is; absent for a new one. */
  readonly before?: MarkedFile;
}

/** What the folder shall hold, and what it holds. */
export class FolderPlan {
  /** One line each. */
  readonly problems: string[] = [];
  readonly secrets: readonly PlannedSecret[];
  readonly configs: SopsConfigs;
  private readonly found: ChartFolder;
  /** Files that are no Secrets, with their contents. */
  private readonly plain = new Map<string, string>();

  /**
   * @param root of the deploy repository, absolute.
   * @param folder of the chart, relative to it; `""` for the root itself.
   * @throws CliError where the folder is none.
   */
  constructor(
    root: string,
    private readonly folder: string,
    secrets: readonly SecretContent[],
  ) {
    this.found = ChartFolder.read(root, folder);
    const paths = secrets.map(({ declared }) => posix.join(folder, declared.file));
    this.configs = new SopsConfigs(configsAbove(root, paths));
    this.secrets = secrets.flatMap((content, index) => this.planned(content, paths[index] ?? ""));
  }

  /** What helm rendered comes beside the Secrets. Only then it is known what changes. */
  add({ text, objects, problems }: RenderedChart): void {
    const resources = this.secrets.map(({ content }) => content.declared.file);
    if (objects > 0) {
      resources.push(CHART_FILE);
      this.plain.set(posix.join(this.folder, CHART_FILE), chartText(text));
    }
    this.plain.set(posix.join(this.folder, KUSTOMIZATION_FILE), kustomizationText(resources));
    this.problems.unshift(...problems);
    for (const path of this.plain.keys()) this.refuseForeign(path, () => path);
  }

  /** Files that killed runs have left. */
  get leftovers(): readonly string[] {
    return this.found.leftovers;
  }

  /** What differs. @param fresh texts of the Secrets' files that are made anew, by path. */
  changes(fresh: ReadonlyMap<string, string>): FolderChange[] {
    const wanted = new Set([...this.plain.keys(), ...this.secrets.map(({ path }) => path)]);
    const written = [...this.plain, ...fresh].flatMap(([path, after]): FolderChange[] => {
      const before = this.found.own.get(path);
      if (before === after) return [];
      return [{ path, after, ...(before !== undefined && { before }) }];
    });
    const removed = [...this.found.own].flatMap(([path, before]): FolderChange[] =>
      wanted.has(path) ? [] : [{ path, before }],
    );
    return [...written, ...removed];
  }

  private planned(content: SecretContent, path: string): PlannedSecret[] {
    const { declared } = content;
    this.refuseForeign(path, () => `${declared.where()}: Secret ${titleOf(declared)}: ${path}`);
    const rule = ruleFor(this.configs, path);
    if (typeof rule === "string") {
      this.problems.push(rule);
      return [];
    }
    const text = this.found.own.get(path);
    const before = text === undefined ? undefined : markedFile(text);
    return [{ content, path, rule, ...(before && { before }) }];
  }

  private refuseForeign(path: string, what: () => string): void {
    // A link on the way would lead out of the folder.
    for (let each = path; each !== "."; each = posix.dirname(each)) {
      if (!this.found.foreign.has(each)) continue;
      const which = each === path ? "" : `${each} `;
      this.problems.push(
        `${what()}: ${which}is there already and was not written by sopsloop chart; take it away, or name another folder by --into`,
      );
    }
  }
}

/** The `.sops.yaml` files that sops could ask for any of these paths. */
function configsAbove(root: string, paths: readonly string[]): Map<string, string> {
  const folders = new Set<string>();
  for (const path of paths)
    for (let folder = posix.dirname(path); !folders.has(folder); folder = posix.dirname(folder))
      folders.add(folder);
  const configs = [...folders].map((folder) => posix.join(folder, CONFIG_NAME));
  return new Map(
    configs
      .filter((path) => existsSync(join(root, path)))
      .map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );
}
