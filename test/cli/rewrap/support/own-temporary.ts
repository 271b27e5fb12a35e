import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

  /** Leaves a file in it, as another user of the machine could. */
  write(name: string, content: string): void {
    writeFileSync(join(this.folder, name), content);
  }

  remove(): void {
    vi.unstubAllEnvs();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
