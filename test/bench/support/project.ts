import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../sandbox/processes/run";
import type { Loop } from "../../sandbox/support/loop";

const CHECKOUT = join(__dirname, "..", "..", "..");

export interface ProjectFiles {
  /** Files that lie in it: name → text, or an object to write as JSON, which YAML can read too. */
  readonly files?: Readonly<Record<string, string | object>>;
  /** Links in it: name → target, absolute or relative to the checkout. */
  readonly links: Readonly<Record<string, string>>;
}

/** A project folder beside those of the stacks, with the same engine, plugins and backend. */
export class Project {
  private constructor(
    readonly folder: string,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {}

  static make(loop: Loop, name: string, { files = {}, links }: ProjectFiles): Project {
    const folder = join(loop.layout.root, `project-${name}`);
    mkdirSync(folder);
    for (const [file, content] of Object.entries(files)) {
      writeFileSync(
        join(folder, file),
        typeof content === "string" ? content : JSON.stringify(content, undefined, 2),
      );
    }
    for (const [link, target] of Object.entries(links)) {
      symlinkSync(target.startsWith("/") ? target : join(CHECKOUT, target), join(folder, link));
    }
    return new Project(folder, loop.env);
  }

  /** The same with other environment variables. */
  withEnv(env: Readonly<Record<string, string>>): Project {
    return new Project(this.folder, { ...this.env, ...env });
  }

  /** Runs `pulumi <words>`; rejects unless it exits with 0. */
  pulumi(...words: string[]): Promise<string> {
    return run("pulumi", [...words, "--non-interactive"], { cwd: this.folder, env: this.env });
  }
}
