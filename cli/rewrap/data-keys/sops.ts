import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { basename, dirname } from "node:path";
import { CliError } from "../../errors/cli-error";
import type { Verb } from "./verbs";

type Environment = Readonly<Record<string, string | undefined>>;

/** The real sops, on one file at a time: it takes no second one. */
export class Sops {
  constructor(private readonly env: Environment) {}

  /** Changes a file in place. @throws CliError with sops's own reason. */
  async change(verb: Verb, file: string): Promise<void> {
    await this.run(file, verb === "rotate" ? ["rotate", "--in-place"] : ["updatekeys", "--yes"]);
  }

  /** A hash of what the file holds; the values themselves are not kept. @throws CliError when it does not open. */
  async hashOf(file: string): Promise<string> {
    return this.run(file, ["decrypt"]);
  }

  /** Resolves with the hash of standard output. sops looks for its rules from its own folder upwards, hence the working folder. */
  private run(file: string, words: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = spawn("sops", [...words, `./${basename(file)}`], {
        cwd: dirname(file),
        env: { SOPS_DISABLE_VERSION_CHECK: "1", ...this.env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const hash = createHash("sha256");
      let errors = "";
      child.stdout.on("data", (part: Buffer) => hash.update(part));
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        errors = (errors + text).slice(-4000);
      });
      child.on("error", (error: NodeJS.ErrnoException) =>
        reject(
          new CliError(
            error.code === "ENOENT"
              ? "sops is not on PATH; --data-keys needs it (sops 3.13.3 or newer)"
              : `sops cannot be started: ${error.message}`,
          ),
        ),
      );
      child.on("close", (code) => {
        if (code === 0) resolve(hash.digest("hex"));
        else reject(new CliError(`sops ${words[0]} failed (exit ${code}): ${reasonOf(errors)}`));
      });
    });
  }
}

/** What sops says last tells most, but for its closing words. It names keys and files, never values. */
function reasonOf(errors: string): string {
  const [told = ""] = errors.split("Recovery failed because");
  return told
    .replace(/[|+\s]+/g, " ")
    .trim()
    .slice(-300);
}
