import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunResult, run, tryRun } from "../../../sandbox/processes/run";
import type { Loop } from "../../sandbox/support/loop";

const CHECKOUT = join(__dirname, "..", "..", "..");

const settings = (name: string) => `name: ${name}
runtime:
  name: nodejs
  options:
    typescript: false
    nodeargs: --require ${join(CHECKOUT, "runtime", "quick-start.cjs")}
`;

/** A Pulumi project of one of the programs beside this folder, previewed by the real engine with the policy pack. */
export class PolicedProject {
  private constructor(
    private readonly folder: string,
    private readonly loop: Loop,
    private readonly pack: string,
  ) {}

  static async of(program: string, loop: Loop, pack: string): Promise<PolicedProject> {
    const folder = join(loop.layout.root, `policed-${program}`);
    mkdirSync(folder);
    writeFileSync(join(folder, "Pulumi.yaml"), settings(program));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: program, main: "index.ts" }));
    writeFileSync(join(folder, "index.ts"), `import "./program";\n`);
    symlinkSync(join(CHECKOUT, "test", "policies", "programs", `${program}.ts`), join(folder, "program.ts"));
    symlinkSync(join(CHECKOUT, "node_modules"), join(folder, "node_modules"));
    await run("pulumi", ["stack", "init", "dev", "--non-interactive"], { cwd: folder, env: loop.env });
    return new PolicedProject(folder, loop, pack);
  }

  /** Never rejects because of the exit code. `config` is the content of a policy config file. */
  preview(config: object = {}): Promise<RunResult> {
    const file = join(this.folder, "policies.json");
    writeFileSync(file, JSON.stringify(config));
    const args = [
      "preview",
      `--policy-pack=${this.pack}`,
      `--policy-pack-config=${file}`,
      "--non-interactive",
    ];
    return tryRun("pulumi", [...args, "--stack=dev"], { cwd: this.folder, env: this.loop.env });
  }
}
