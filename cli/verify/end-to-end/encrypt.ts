import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sopsEnvironment } from "../../backends/vault/sops-environment";
import type { Io } from "../../io";
import { Fault, Skip } from "../probe";

/** Each of these gives sops keys beside those of `.sops.yaml`. */
const MISLEADING = /^SOPS_(CONFIG|.*_(URIS|RECIPIENTS|ARN|IDS|URLS|FP))$/;

export interface Wish {
  readonly plaintext: string;
  /** Path in the repository, by which the rule is found. */
  readonly path: string;
  /** Text of `.sops.yaml`. */
  readonly config: string;
  /** Folder for it. */
  readonly aside: string;
}

/** By the real sops. The plaintext goes in by a pipe: it never lies on a disk. */
export async function encrypt({ plaintext, path, config, aside }: Wish, { env }: Io): Promise<string> {
  const rules = join(aside, ".sops.yaml");
  writeFileSync(rules, config);
  const own = Object.entries(await sopsEnvironment(env)).filter(([name]) => !MISLEADING.test(name));
  const words = ["--config", rules, "encrypt", "--filename-override", path];
  return new Promise((resolve, reject) => {
    const child = spawn("sops", [...words, "--input-type=yaml", "--output-type=yaml"], {
      cwd: aside,
      env: { SOPS_DISABLE_VERSION_CHECK: "1", ...Object.fromEntries(own) },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      stdout += part;
    });
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      stderr += part;
    });
    child.on("error", () => reject(new Skip("sops is not on PATH")));
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else if (/permission denied/.test(stderr)) reject(new Skip("this token may not encrypt with the key"));
      else reject(new Fault(`sops does not encrypt: ${reasonOf(stderr)}`, "pulumi stack output sopsConfig"));
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(plaintext);
  });
}

function reasonOf(stderr: string): string {
  return stderr
    .replace(/[|+\s]+/g, " ")
    .trim()
    .slice(-300);
}
