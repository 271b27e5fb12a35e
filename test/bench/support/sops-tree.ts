import {
  cpSync,
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
import { run, tryRun } from "../../../sandbox/processes/run";
import type { Loop } from "../../sandbox/support/loop";

const CHECKOUT = join(__dirname, "..", "..", "..");
const PEERS = join(CHECKOUT, "test", "bench", "peers");
const VALUES = 5;
/** Where Linux keeps files in memory: the disk of the machine is not what is compared. */
const IN_MEMORY = "/dev/shm";

type Environment = Readonly<Record<string, string | undefined>>;

/** A git work tree with many files, each encrypted by sops itself for the key `transit/keys/sops`. */
export class SopsTree {
  private constructor(
    readonly folder: string,
    readonly files: number,
    /** sops's own rights: everything. */
    readonly env: Environment,
  ) {}

  static async make(loop: Loop, name: string, files: number): Promise<SopsTree> {
    const folder = mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), `sopsloop-bench-${name}-`));
    const uri = `${loop.layout.vault.address}/v1/transit/keys/sops`;
    const rule = {
      path_regex: "\\.sops\\.yaml$",
      hc_vault_transit_uri: uri,
      encrypted_regex: "^stringData$",
    };
    writeFileSync(join(folder, ".sops.yaml"), JSON.stringify({ creation_rules: [rule] }));
    for (let index = 0; index < files; index++)
      writeFileSync(join(folder, `${index}.sops.yaml`), secret(index));
    const tree = new SopsTree(folder, files, loop.env);
    await tree.shell("ls *.sops.yaml | xargs -n 1 -P 2 sops encrypt -i");
    await tree.commit();
    return tree;
  }

  /** Beside this one, another with each file so many times. */
  async multiplied(times: number): Promise<SopsTree> {
    const folder = `${this.folder}-${times}-times`;
    mkdirSync(folder);
    for (const name of readdirSync(this.folder).filter((entry) => entry.endsWith(".yaml")))
      for (let copy = 0; copy < (name === ".sops.yaml" ? 1 : times); copy++)
        cpSync(join(this.folder, name), join(folder, name === ".sops.yaml" ? name : `${copy}-${name}`));
    const tree = new SopsTree(folder, this.files * times, this.env);
    await tree.commit();
    return tree;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(`${this.folder}.peak`, { force: true });
  }

  shell(script: string): Promise<string> {
    return run("sh", ["-ec", script], { cwd: this.folder, env: this.env });
  }

  /** The command as a process. @param env other variables than sops has. @param expected exit code */
  async sopsloop(words: readonly string[], env: Environment = {}, expected = 0): Promise<void> {
    const result = await tryRun("sopsloop", words, { cwd: this.folder, env: { ...this.env, ...env } });
    if (result.code !== expected)
      throw new Error(`sopsloop ${words.join(" ")}: ${result.code}: ${result.stderr}`);
  }

  /** The same files read and written, and one request for each batch. */
  async floor(batch: number): Promise<void> {
    await run(process.execPath, [join(PEERS, "floor.cjs"), this.folder, String(batch)], { env: this.env });
  }

  /** Runs the command and resolves with how many MiB it had at most. */
  async peakOf(words: readonly string[]): Promise<number> {
    const file = `${this.folder}.peak`;
    await this.sopsloop(words, { NODE_OPTIONS: `--require ${join(PEERS, "peak.cjs")}`, PEAK_FILE: file });
    return Number(readFileSync(file, "utf8")) / 1024;
  }

  private async commit(): Promise<void> {
    const author = "-c user.name=bench -c user.email=bench@sopsloop.invalid";
    await this.shell(`git init -q && git add -A && git ${author} commit -qm files`);
  }
}

function secret(index: number): string {
  const values = Array.from(
    { length: VALUES },
    (_, at) => `  value${at}: ${"secret".repeat(3)}${index}-${at}`,
  );
  const head = ["apiVersion: v1", "kind: Secret", `metadata: {name: secret-${index}, namespace: default}`];
  return [...head, "stringData:", ...values, ""].join("\n");
}
