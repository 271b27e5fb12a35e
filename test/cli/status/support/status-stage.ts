import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { stringify } from "yaml";
import type { ExitCode } from "../../../../cli/errors/cli-error";
import { main } from "../../../../cli/program";
import { type StatusReport, statusReport } from "../../../../cli/status/report-schema";
import { recordedIo } from "../../rewrap/support/recorded-io";
import { SopsRepository } from "../../rewrap/support/sops-repository";
import { SopsVault } from "../../rewrap/support/sops-vault";

export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** A report with the exit code, and the check and the path of each finding. */
export type Reported = StatusReport & { readonly code: ExitCode; readonly found: readonly string[] };

/** A Vault for the whole file, and for each test a repository with the rules of a deploy repository. */
export interface StatusStage {
  readonly vault: SopsVault;
  /** Somebody's public key. */
  readonly age: string;
  readonly repository: SopsRepository;
  /** Other rules than those. */
  rules(...creation_rules: object[]): void;
  /** With a token that may read the key, and nothing else, in a folder of the repository. */
  run(words?: readonly string[], changes?: Record<string, string | undefined>, cwd?: string): Promise<Ran>;
  report(...words: string[]): Promise<Reported>;
}

/** Sets the hooks of a test file. What it gives is there in tests alone. */
export function statusStage(): StatusStage {
  let vault: SopsVault;
  let token: string;
  let age: string;
  let repository: SopsRepository;

  const rules = (...creation_rules: object[]) =>
    repository.write(".sops.yaml", stringify({ creation_rules }));

  const run: StatusStage["run"] = async (words = [], changes = {}, cwd = "") => {
    const env = { ...repository.env, VAULT_TOKEN: token, ...changes };
    const io = recordedIo(join(repository.folder, cwd), env);
    const code = await main(["status", ...words], io);
    return { code, out: io.out, err: io.err };
  };

  beforeAll(async () => {
    vault = await SopsVault.start();
    token = await vault.token("status");
    age = /public key: (\S+)/.exec(execFileSync("age-keygen", { stdio: "pipe" }).toString("utf8"))?.[1] ?? "";
  });
  afterAll(() => vault.stop());
  beforeEach(() => {
    repository = SopsRepository.create(vault.env());
    rules({
      path_regex: "\\.sops\\.",
      encrypted_regex: "^(data|stringData)$",
      hc_vault_transit_uri: vault.keyUri(),
    });
  });
  afterEach(() => repository.remove());

  return {
    get vault() {
      return vault;
    },
    get age() {
      return age;
    },
    get repository() {
      return repository;
    },
    rules,
    run,
    async report(...words) {
      const { code, out } = await run(["--json", ...words]);
      const read = statusReport.parse(JSON.parse(out));
      return { ...read, code, found: read.findings.map(({ check, path }) => `${check} ${path}`) };
    },
  };
}
