import { execFileSync } from "node:child_process";
import { chmodSync, closeSync, copyFileSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An executable copy of a plugin that is kept as it is or packed with xz. `remove` takes the copy away. */
export function unpackedPlugin(archive: string): { file: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "official-plugin-"));
  const file = join(folder, "pulumi-resource-vault");
  if (archive.endsWith(".xz")) {
    const out = openSync(file, "w");
    execFileSync("xz", ["--decompress", "--stdout", archive], { stdio: ["ignore", out, "inherit"] });
    closeSync(out);
  } else {
    copyFileSync(archive, file);
  }
  chmodSync(file, 0o755);
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
