import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { azureReason } from "../../backends/azure/sops-reason";
import { SopsLogin } from "../../backends/sops-login";
import type { Io } from "../../io";
import { CONFIG_NAME, SopsConfigs } from "../../rules/sops-configs";
import { Fault, Skip } from "../probe";

/** Each of these gives sops keys beside those of `.sops.yaml`, or a namespace beside the one that the program writes into the key's path. */
const MISLEADING = /^(SOPS_(CONFIG|.*_(URIS|RECIPIENTS|ARN|IDS|URLS|FP))|VAULT_NAMESPACE)$/;

export interface Wish {
  readonly plaintext: string;
  /** Path in the repository, by which the rule is found. */
  readonly path: string;
  /** Text of `.sops.yaml`. */
  readonly config: string;
  /** Folder for it. */
  readonly aside: string;
}

/** By the real sops, under every key that the rule names. The plaintext goes in by a pipe: it never lies on a disk. */
export async function encrypt(wish: Wish, { env }: Io): Promise<string> {
  const found = new SopsConfigs(new Map([[CONFIG_NAME, wish.config]])).ruleFor(wish.path);
  const login = new SopsLogin(env);
  try {
    return await encryptAs(await login.environment(found ? [found.rule] : []), wish);
  } finally {
    login.rest();
  }
}

function encryptAs(env: Io["env"], { plaintext, path, config, aside }: Wish): Promise<string> {
  const rules = join(aside, CONFIG_NAME);
  writeFileSync(rules, config);
  const own = Object.entries(env).filter(([name]) => !MISLEADING.test(name));
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
      const ofAzure = azureReason(stderr);
      if (code === 0) resolve(stdout);
      else if (/permission denied/.test(stderr)) reject(new Skip("this token may not encrypt with the key"));
      else if (ofAzure?.startsWith("Azure answers 403")) reject(new Skip(ofAzure));
      else
        reject(
          new Fault(
            `sops does not encrypt: ${ofAzure ?? reasonOf(stderr)}`,
            "pulumi stack output sopsConfig",
          ),
        );
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
