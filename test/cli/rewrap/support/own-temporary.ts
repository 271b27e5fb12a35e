import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";

/** A folder for temporary files that no other run on the machine writes into. */
export class OwnTemporary {
  private readonly folder = mkdtempSync(join(tmpdir(), "sopsloop-own-"));

  constructor() {
    vi.stubEnv("TMPDIR", this.folder);
  }

  /** Names in it that begin so. */
  named(prefix: string): string[] {
    return readdirSync(this.folder).filter((name) => name.startsWith(prefix));
  }

  remove(): void {
    vi.unstubAllEnvs();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
