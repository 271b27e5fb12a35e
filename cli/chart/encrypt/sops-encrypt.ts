import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { azureReason } from "../../backends/azure/sops-reason";
import { CliError } from "../../errors/cli-error";
import type { RuleOfFile } from "../../rules/sops-configs";
import { oneLine, runTool } from "../render/tool";
import type { SecretManifest } from "../values/secret-content";

type Environment = Readonly<Record<string, string | undefined>>;

/** Each of these gives sops keys or rules beside those of `.sops.yaml`. */
const MISLEADING = /^SOPS_(CONFIG|.*_(URIS|RECIPIENTS|ARN|IDS|URLS|FP))$/;

/** A process of milliseconds needs no garbage collector, and as one of several no second processor: a third of its time. */
const SHORT_LIVED = { GOGC: "off", GOMAXPROCS: "1" };

/** The real sops, one Secret a call: it takes no second one. Plaintext goes in by a pipe and never lies on a disk. */
export class SopsEncrypt {
  private readonly env: Environment;

  /**
   * @param root of the deploy repository, absolute.
   * @param env with what sops needs to reach its keys, and without the variables of the mapping.
   */
  constructor(
    private readonly root: string,
    env: Environment,
  ) {
    const kept = Object.entries(env).filter(([name]) => !MISLEADING.test(name));
    this.env = { ...SHORT_LIVED, SOPS_DISABLE_VERSION_CHECK: "1", ...Object.fromEntries(kept) };
  }

  /** @param path relative to the root, for errors. @throws CliError with sops's own reason. */
  async encrypt(
    path: string,
    manifest: SecretManifest,
    { config, path: below }: RuleOfFile,
  ): Promise<string> {
    const rules = join(this.root, config);
    const words = ["--config", rules, "encrypt", "--filename-override", below];
    const types = ["--input-type", "yaml", "--output-type", "yaml"];
    const input = stringify(manifest, { lineWidth: 0 });
    const call = { words: [...words, ...types], cwd: dirname(rules), env: this.env, input };
    const { code, stdout, stderr } = await runTool("sops", call);
    if (code === 0) return stdout;
    const reason = reasonOf(stderr, Object.values(manifest.data));
    throw new CliError(`${path}: sops encrypt failed (exit ${code}): ${reason}`);
  }

  /** The values of an encrypted file as JSON; undefined where this identity cannot open it. */
  async decrypt(path: string): Promise<unknown> {
    const words = ["decrypt", "--output-type", "json", join(this.root, path)];
    const { code, stdout } = await runTool("sops", { words, cwd: this.root, env: this.env, input: "" });
    if (code !== 0) return undefined;
    try {
      return JSON.parse(stdout);
    } catch {
      return undefined;
    }
  }
}

/** Without the frame that sops draws around it. It names keys and files; should it quote what it was given, no value is passed on. */
function reasonOf(stderr: string, values: readonly string[]): string {
  const plain = values.map((base64) => Buffer.from(base64, "base64").toString("utf8"));
  const lines = plain.flatMap((text) => text.split("\n")).filter((line) => line.trim().length > 2);
  const hidden = [...values, ...lines].reduce((text, value) => text.replaceAll(value, "…"), stderr);
  return azureReason(hidden) ?? oneLine(hidden.replace(/[|+]+/g, " "));
}
