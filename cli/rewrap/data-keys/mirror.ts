import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder of its own in which sops may work: files under the same paths as in the tree, so that the rules find them. */
export class Mirror {
  readonly root = mkdtempSync(join(tmpdir(), "sopsloop-data-keys-"));

  constructor() {
    chmodSync(this.root, 0o700);
    // sops looks for its rules upwards; in a folder that all users share, they could be another's.
    this.write(".sops.yaml", "");
  }

  /** @param content one character a byte. Returns the file's place. */
  write(path: string, content: string): string {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { encoding: "latin1", mode: 0o600 });
    return file;
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "latin1");
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
