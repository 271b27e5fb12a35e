import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { ExitCode } from "../../../../cli/errors/cli-error";
import type { Ran } from "./rewrap-in";
import { SopsRepository, secret } from "./sops-repository";
import { SopsVault } from "./sops-vault";

/** The repository's files. */
export const GOOD = ["apps/a.yaml", "apps/b.yaml", "c.json"];

/** A Vault for the whole file, and for each test a repository of its own: every file could be rewrapped, if nothing stood in the way. */
export interface RefusalStage {
  readonly vault: SopsVault;
  /** Another may take its place for the rest of a test: of the same folder, with other settings. */
  repository: SopsRepository;
  /** Nothing may have changed, and nothing may lie about. */
  untouched(): void;
  /** One line and no other; nothing may have changed. */
  refused(ran: Ran, line: string, code?: ExitCode): void;
}

/** Sets the hooks of a test file. What it gives is there in tests alone. */
export function refusalStage(): RefusalStage {
  let vault: SopsVault;
  let repository: SopsRepository;

  beforeAll(async () => {
    vault = await SopsVault.start();
  });
  afterAll(() => vault.stop());
  beforeEach(async () => {
    repository = SopsRepository.create(vault.env());
    repository.encrypt("apps/a.yaml", secret("a"), vault.keyUri());
    repository.encrypt("apps/b.yaml", secret("b"), vault.keyUri());
    repository.encrypt("c.json", '{"c": 1}', vault.keyUri());
    repository.commitAll();
    await vault.rotate();
  });
  afterEach(() => repository.remove());

  function untouched(): void {
    expect(repository.status()).toBe("");
    expect(readdirSync(join(repository.folder, "apps")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(readdirSync(join(repository.folder, ".git"))).not.toContain("sopsloop.lock");
  }

  return {
    get vault() {
      return vault;
    },
    get repository() {
      return repository;
    },
    set repository(other) {
      repository = other;
    },
    untouched,
    refused({ code, err }, line, expected = 1) {
      const lines = err.split("\n").filter((text) => text.startsWith("sopsloop:"));
      expect({ code, lines }).toEqual({ code: expected, lines: [`sopsloop: ${line}`] });
      untouched();
    },
  };
}
