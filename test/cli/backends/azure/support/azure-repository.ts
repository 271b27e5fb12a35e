import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { main } from "../../../../../cli/program";
import { readSopsFile } from "../../../../../cli/sops-file/read-sops-file";
import type { Recipient } from "../../../../../cli/sops-file/recipient";
import { recordedIo } from "../../../rewrap/support/recorded-io";
import { SopsRepository } from "../../../rewrap/support/sops-repository";
import type { EmulatedAzure, Who } from "./emulated-azure";

type Environment = Readonly<Record<string, string | undefined>>;

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * A git repository of files that the real sops encrypts by keys of Azure. sops runs beside the tests, and never while they stand still:
 * the vaults are in their process.
 */
export class AzureRepository {
  private constructor(
    readonly git: SopsRepository,
    private readonly azure: EmulatedAzure,
  ) {}

  /** With what whoever may do everything has set, and the ID token in a file, which sops takes. */
  static async create(azure: EmulatedAzure): Promise<AzureRepository> {
    const git = SopsRepository.create(azure.env("everything"));
    const token = join(git.folder, ".git", "id-token");
    writeFileSync(token, await azure.idToken());
    return new AzureRepository(git.with({ AZURE_FEDERATED_TOKEN_FILE: token }), azure);
  }

  /** The same folder, with other settings. */
  with(env: Environment): AzureRepository {
    return new AzureRepository(this.git.with(env), this.azure);
  }

  /** The only `.sops.yaml`. */
  rules(...creation_rules: object[]): void {
    this.git.write(".sops.yaml", stringify({ creation_rules }));
  }

  /** Resolves with what the real sops prints, one character a byte. */
  async sops(words: readonly string[], env: Environment = {}): Promise<string> {
    const options = { cwd: this.git.folder, env: { ...this.git.env, ...env }, encoding: "latin1" as const };
    return (await promisify(execFile)("sops", words, options)).stdout;
  }

  /** By the rules. */
  async encrypt(path: string, content: string): Promise<void> {
    this.git.write(path, content);
    await this.sops(["encrypt", "--in-place", path]);
  }

  decrypt(path: string): Promise<string> {
    return this.sops(["decrypt", path]);
  }

  recipients(path: string): readonly Recipient[] {
    return readSopsFile(path, this.git.read(path))?.recipients ?? [];
  }

  /** `sopsloop <words>` as a job would call it: its ID token is in a variable, and it may do no more than `who`. */
  async call(who: Who, words: readonly string[], env: Environment = {}): Promise<Ran> {
    const job = {
      ...this.azure.env(who),
      AZURE_FEDERATED_TOKEN_FILE: undefined,
      AZURE_ID_TOKEN: await this.azure.idToken(),
    };
    const io = recordedIo(this.git.folder, { ...this.git.env, ...job, ...env });
    const code = await main(words, io);
    return { code, out: io.out, err: io.err };
  }
}

/** Lines that differ, old and new, without the spaces before them. */
export function diffOf(before: string, after: string): [string, string][] {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  if (old.length !== fresh.length) throw new Error(`${old.length} lines became ${fresh.length}`);
  return old.flatMap((line, index): [string, string][] => {
    const now = fresh[index] ?? "";
    return line === now ? [] : [[line.trim(), now.trim()]];
  });
}
