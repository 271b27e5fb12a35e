import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, tryRun } from "../../../sandbox/processes/run";
import type { EmulatedAzure } from "../../cli/backends/azure/support/emulated-azure";
import type { EmulatedKey } from "../../cli/backends/azure/support/emulated-key";
import { secret } from "../../cli/rewrap/support/sops-repository";

/** Where Linux keeps files in memory: the disk of the machine is not what is compared. */
const IN_MEMORY = "/dev/shm";

type Environment = Readonly<Record<string, string | undefined>>;

/** A git work tree with many files, each encrypted by sops itself for one key of an emulated vault. */
export class AzureTree {
  private constructor(
    private readonly folder: string,
    private readonly azure: EmulatedAzure,
    private readonly key: EmulatedKey,
    private readonly env: Environment,
  ) {}

  /** @param env with sops and sopsloop on PATH */
  static async make(azure: EmulatedAzure, env: Environment, files: number): Promise<AzureTree> {
    const folder = mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), "sopsloop-bench-azure-"));
    const key = await azure.newKey();
    const own = { ...env, ...azure.env("everything"), AZURE_FEDERATED_TOKEN_FILE: join(folder, "id-token") };
    const tree = new AzureTree(folder, azure, key, own);
    const rule = {
      path_regex: "\\.sops\\.yaml$",
      azure_keyvault: key.url,
      encrypted_regex: "^stringData$",
    };
    writeFileSync(join(folder, ".sops.yaml"), JSON.stringify({ creation_rules: [rule] }));
    for (let index = 0; index < files; index++)
      writeFileSync(join(folder, `${index}.sops.yaml`), secret(String(index)));
    await tree.renewIdToken();
    await tree.shell("ls *.sops.yaml | xargs -n 1 -P 2 sops encrypt -i");
    const author = "-c user.name=bench -c user.email=bench@sopsloop.invalid";
    await tree.shell(`git init -q && git add -- '*.yaml' && git ${author} commit -qm files`);
    return tree;
  }

  /** A new version of the key, and an ID token with its whole life before it. */
  async rotate(): Promise<void> {
    await this.renewIdToken();
    await this.key.rotate();
  }

  /** @throws unless every file is at the newest version. */
  async requireFresh(): Promise<void> {
    const stale = readdirSync(this.folder)
      .filter((name) => /^\d+\.sops\.yaml$/.test(name))
      .filter((name) => !readFileSync(join(this.folder, name), "utf8").includes(this.key.current));
    if (stale.length > 0) throw new Error(`${stale.length} files are not at the newest version`);
  }

  async sopsloop(...words: string[]): Promise<void> {
    const result = await tryRun("sopsloop", words, { cwd: this.folder, env: this.env });
    if (result.code !== 0) throw new Error(`sopsloop ${words.join(" ")}: ${result.code}: ${result.stderr}`);
  }

  /** All files in one process of sops. */
  async updatekeys(): Promise<void> {
    await this.shell("git ls-files -z '[0-9]*.sops.yaml' | xargs -0 -x sops updatekeys -y >sops.log 2>&1");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async renewIdToken(): Promise<void> {
    writeFileSync(join(this.folder, "id-token"), await this.azure.idToken());
  }

  private shell(script: string): Promise<string> {
    return run("sh", ["-ec", script], { cwd: this.folder, env: this.env });
  }
}
