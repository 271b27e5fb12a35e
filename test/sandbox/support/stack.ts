import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { type RunResult, run, tryRun } from "../../../sandbox/processes/run";
import type { Layout } from "../../../sandbox/servers/layout";

const CHECKOUT = join(__dirname, "..", "..", "..");
const PROGRAM = [
  "Pulumi.yaml",
  "package.json",
  "tsconfig.json",
  "runtime",
  "index.ts",
  "components",
  "pipelines",
  "node_modules",
];

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly protect?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** A resource's change as `pulumi preview --json` tells it. */
export interface PlannedStep {
  readonly op: string;
  readonly urn: string;
}

/** A stack of the real program, driven by the real CLI from a project folder of its own. */
export class Stack {
  private constructor(
    readonly name: string,
    readonly folder: string,
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly stateFolder: string,
  ) {}

  /** The project folder is made of links to the checkout, so that its `Pulumi.<stack>.yaml` is not one of the checkout's. */
  static async init(
    name: string,
    config: Readonly<Record<string, unknown>>,
    layout: Layout,
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<Stack> {
    const folder = join(layout.root, `project-${name}`);
    mkdirSync(folder);
    for (const file of PROGRAM) symlinkSync(join(CHECKOUT, file), join(folder, file));
    const stack = new Stack(name, folder, env, join(layout.pulumi.state, ".pulumi"));
    await run("pulumi", ["stack", "init", name, "--non-interactive"], { cwd: folder, env });
    stack.configure(config);
    return stack;
  }

  /** The same stack, run with other environment variables. */
  withEnv(env: Readonly<Record<string, string>>): Stack {
    return new Stack(this.name, this.folder, { ...this.env, ...env }, this.stateFolder);
  }

  /**
   * Puts the newest whole copy in the place of a state that the engine was killed while writing: the file backend writes neither
   * the state nor its `.bak` in one piece, but keeps an older one after each save. Beside each it keeps `.attrs`, which may be cut
   * short as well, and may be missing. What README tells a person to do.
   */
  mendState(): void {
    const state = join(this.stateFolder, "stacks", "sopsloop", `${this.name}.json`);
    const backups = join(this.stateFolder, "backups", "sopsloop", this.name);
    const saved = existsSync(backups) ? readdirSync(backups).filter((file) => file.endsWith(".json")) : [];
    const copies = [
      state,
      `${state}.bak`,
      ...saved
        .sort()
        .reverse()
        .map((file) => join(backups, file)),
    ];
    const whole = copies.find(isWhole);
    if (whole === undefined)
      throw new Error(`no whole copy of the state of ${this.name} among ${copies.join(", ")}`);
    if (whole !== state) copyFileSync(whole, state);
    for (const beside of [`${state}.attrs`, `${state}.bak.attrs`])
      if (existsSync(beside) && !isWhole(beside)) rmSync(beside);
  }

  /** Sets top-level config keys; the others stay. */
  configure(config: Readonly<Record<string, unknown>>): void {
    const file = join(this.folder, `Pulumi.${this.name}.yaml`);
    const before = parse(readFileSync(file, "utf8")) as { config?: object };
    writeFileSync(file, stringify({ ...before, config: { ...before.config, ...config } }));
  }

  /** How `pulumi <words>` is run on this stack, for who wants to start it himself. */
  command(...words: string[]) {
    const args = [...words, ...(words[0] === "cancel" ? [this.name] : [`--stack=${this.name}`])];
    return {
      file: "pulumi",
      args: [...args, "--non-interactive"],
      options: { cwd: this.folder, env: { ...this.env } },
    };
  }

  /** Runs `pulumi <words>` on this stack; never rejects because of its exit code. */
  pulumi(...words: string[]): Promise<RunResult> {
    const { file, args, options } = this.command(...words);
    return tryRun(file, args, options);
  }

  /** Like `pulumi`, and rejects with what it printed unless it exits with 0. */
  async succeed(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.pulumi(...words);
    if (code !== 0) throw new Error(`pulumi ${words.join(" ")} exited with ${code}:\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** Like `succeed`, with text for standard input: the way to hand over a secret. */
  async succeedWith(input: string, ...words: string[]): Promise<void> {
    const { file, args, options } = this.command(...words);
    await run(file, args, { ...options, input });
  }

  up(...words: string[]): Promise<string> {
    return this.succeed("up", "--yes", "--skip-preview", ...words);
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.succeed("stack", "output", "--json")) as Record<string, unknown>;
  }

  /** The state as it lies on disk: secrets are ciphertext in it. */
  exported(): Promise<string> {
    return this.succeed("stack", "export");
  }

  async resources(): Promise<StateResource[]> {
    const state = JSON.parse(await this.exported()) as { deployment: { resources?: StateResource[] } };
    return state.deployment.resources ?? [];
  }

  async plan(...words: string[]): Promise<PlannedStep[]> {
    const text = await this.succeed("preview", "--json", ...words);
    return (JSON.parse(text) as { steps: PlannedStep[] }).steps;
  }
}

function isWhole(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
