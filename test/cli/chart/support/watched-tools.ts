import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TOOLS = ["dhall", "git", "helm", "sops"] as const;

/**
 * Programs of the same names before the real ones in PATH. Each writes down its arguments and its environment, looks through folders for
 * given texts at that very moment, and then becomes the real one.
 */
export class WatchedTools {
  private constructor(private readonly folder: string) {}

  /**
   * @param texts none of which may be found; each of one line.
   * @param folders to look through.
   */
  static create(texts: readonly string[], folders: readonly string[]): WatchedTools {
    const tools = new WatchedTools(mkdtempSync(join(tmpdir(), "sopsloop-watched-")));
    mkdirSync(tools.path);
    writeFileSync(join(tools.folder, "texts"), `${texts.join("\n")}\n`);
    for (const name of TOOLS) {
      const real = execFileSync("which", [name], { encoding: "utf8" }).trim();
      tools.put(name, `exec '${real}' "$@"`, folders);
    }
    return tools;
  }

  /** To be put before the rest of PATH. */
  get path(): string {
    return join(this.folder, "bin");
  }

  /** How often a tool was called. */
  calls(name: (typeof TOOLS)[number]): number {
    return this.callsOf(name).length;
  }

  /** Arguments and environment of each call. */
  callsOf(name: (typeof TOOLS)[number]): string[] {
    return this.logs.filter((log) => log.startsWith(`called ${name}\n`));
  }

  /** Arguments and environments of all calls. */
  get log(): string {
    return this.logs.join("");
  }

  /** A file for each call: several run at once. */
  private get logs(): string[] {
    return readdirSync(this.folder)
      .filter((file) => file.startsWith("log."))
      .map((file) => readFileSync(join(this.folder, file), "utf8"));
  }

  /** Files that held one of the texts while a tool was called. */
  get found(): string {
    const file = join(this.folder, "found");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  /** Has a tool end in another way: a shell script that may read what it is given. */
  replace(name: (typeof TOOLS)[number], script: string): void {
    this.put(name, script, []);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private put(name: string, ending: string, folders: readonly string[]): void {
    const file = join(this.path, name);
    const where = folders.map((folder) => `'${folder}'`).join(" ");
    const look = `grep -rlaF -f '${this.folder}/texts' ${where} >> '${this.folder}/found' 2>/dev/null`;
    const note = `{ echo 'called ${name}'; printf '%s\\n' "$@"; env; } > '${this.folder}/log.'$$`;
    writeFileSync(file, ["#!/bin/sh", note, ...(where === "" ? [] : [look]), ending, ""].join("\n"));
    chmodSync(file, 0o755);
  }
}
