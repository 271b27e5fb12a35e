import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Git, reasonOf } from "../../git/git";
import type { Io } from "../../io";
import type { Kubectl } from "../../kubernetes/kubectl";
import { type Context, Fault, type Probe, Skip } from "../probe";

const PATIENCE_MS = 120_000;
const PAUSE_MS = 500;
const KUSTOMIZATION_FILES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

type Decryption = Context["declared"]["audit"]["decryption"][number];

/** A new secret, once around the whole loop, and taken out of it again, also after a failure or Ctrl-C. */
export function endToEnd(io: Io): Probe {
  return {
    id: "end-to-end",
    title: "A new secret arrives in the cluster decrypted",
    needs: ["controller", "round-trip"],
    run: async ({ declared, kubectl }) => {
      const [target] = declared.audit.decryption;
      if (!target) throw new Skip("the program declares no Kustomization that decrypts");
      const journey = new Journey(target, declared.sopsConfig, kubectl, io);
      const interrupt = () => journey.interrupt();
      process.on("SIGINT", interrupt);
      try {
        return await journey.go();
      } finally {
        await journey.undo();
        process.off("SIGINT", interrupt);
      }
    },
  };
}

/** The test secret's way through sops, git and Flux. */
class Journey {
  private readonly name = `sopsloop-verify-${randomBytes(4).toString("hex")}`;
  private readonly folder = mkdtempSync(join(tmpdir(), "sopsloop-verify-"));
  private readonly git: Git;
  private readonly file: string;
  private readonly namespace: string;
  private plaintext = "";
  private mayBePushed = false;
  private interrupted = false;

  constructor(
    private readonly target: Decryption,
    private readonly sopsConfig: string,
    private readonly kubectl: Kubectl,
    private readonly io: Io,
  ) {
    this.git = new Git(this.folder, io.env);
    this.file = join(target.path, `${this.name}.sops.yaml`);
    this.namespace = target.targetNamespace ?? target.namespace;
  }

  async go(): Promise<string> {
    const value = randomBytes(24).toString("base64url");
    await this.clone();
    this.write(value);
    await this.encrypt();
    this.requireTime();
    // Before it is: what is interrupted midway may have arrived.
    this.mayBePushed = true;
    await this.push(`Verify the loop: ${this.name}`);
    const begun = Date.now();
    await this.until("the Secret did not arrive", async () => {
      this.requireTime();
      return (await this.live()) === value;
    });
    return `${this.namespace}/${this.name}, ${((Date.now() - begun) / 1000).toFixed(1)} s after the push`;
  }

  /** Ends the journey at its next step; `undo` still has to be called. */
  interrupt(): void {
    this.interrupted = true;
  }

  private requireTime(): void {
    if (this.interrupted)
      throw new Fault("interrupted; the test secret was taken out again", "sopsloop verify --end-to-end");
  }

  /** Leaves nothing: neither a file in the repository nor a Secret in the cluster. */
  async undo(): Promise<void> {
    try {
      if (this.mayBePushed) {
        rmSync(join(this.folder, this.file), { force: true });
        await this.push(`Verified the loop: ${this.name} goes again`);
        await this.until(
          "the test Secret was not taken away again",
          async () => (await this.live()) === undefined,
        );
      }
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private async clone(): Promise<void> {
    const { source, branch } = this.target;
    const cloned = await this.git.try(["clone", "--quiet", "--depth=1", `--branch=${branch}`, source, "."]);
    if (cloned.code !== 0) throw new Skip(`${source} cannot be cloned from here: ${reasonOf(cloned)}`);
    const folder = join(this.folder, this.target.path);
    mkdirSync(folder, { recursive: true });
    const fixed = readdirSync(folder).find((file) => KUSTOMIZATION_FILES.includes(file));
    if (fixed !== undefined)
      throw new Skip(
        `${this.target.path}/${fixed} lists what is applied; a test secret beside it would not be`,
      );
  }

  private write(value: string): void {
    const lines = [
      "apiVersion: v1",
      "kind: Secret",
      "metadata:",
      `  name: ${this.name}`,
      `  namespace: ${this.namespace}`,
    ];
    writeFileSync(join(this.folder, ".sops.verify.yaml"), this.sopsConfig);
    this.plaintext = [...lines, "stringData:", `  probe: ${value}`, ""].join("\n");
  }

  /** The plaintext goes in by a pipe: it never lies on the disk. */
  private async encrypt(): Promise<void> {
    const config = join(this.folder, ".sops.verify.yaml");
    const words = [
      "--config",
      config,
      "encrypt",
      "--filename-override",
      this.file,
      "--input-type=yaml",
      "--output-type=yaml",
    ];
    const { code, stdout, stderr } = await piped("sops", words, this.plaintext, this.folder, this.io.env);
    rmSync(config);
    if (code !== 0)
      throw new Fault(
        `sops does not encrypt: ${stderr.trim().split("\n").pop()}`,
        "pulumi stack output sopsConfig",
      );
    writeFileSync(join(this.folder, this.file), stdout);
  }

  private async push(message: string): Promise<void> {
    const author = ["-c", "user.name=sopsloop verify", "-c", "user.email=verify@sopsloop.invalid"];
    await this.git.run(["add", "--all"]);
    await this.git.run([...author, "commit", "--quiet", "-m", message]);
    for (let attempt = 1; ; attempt++) {
      const pushed = await this.git.try([
        "push",
        "--quiet",
        "origin",
        `HEAD:refs/heads/${this.target.branch}`,
      ]);
      if (pushed.code === 0) return;
      if (attempt === 5)
        throw new Fault(`git push is refused: ${reasonOf(pushed)}`, `git push ${this.target.source}`);
      // Only a file that nobody else has: rebasing it onto others' work cannot conflict.
      await this.git.run(["fetch", "--quiet", "origin", this.target.branch]);
      await this.git.run([...author, "rebase", "--quiet", "FETCH_HEAD"]);
    }
  }

  /** The Secret's value in the cluster. */
  private async live(): Promise<string | undefined> {
    const words = [
      "get",
      "secret",
      this.name,
      `--namespace=${this.namespace}`,
      "--output=jsonpath={.data.probe}",
    ];
    const { code, stdout } = await this.kubectl.try(words);
    return code === 0 ? Buffer.from(stdout, "base64").toString("utf8") : undefined;
  }

  /** Asks Flux to look at once, as `flux reconcile` does, and waits. */
  private async until(failure: string, done: () => Promise<boolean>): Promise<void> {
    const { namespace, kustomization } = this.target;
    const end = Date.now() + PATIENCE_MS;
    for (let round = 0; Date.now() < end; round++) {
      if (await done()) return;
      if (round % 10 === 0) await this.reconcile();
      await sleep(PAUSE_MS);
    }
    throw new Fault(
      `${failure} within ${PATIENCE_MS / 1000} s`,
      `kubectl -n ${namespace} describe kustomization ${kustomization}`,
    );
  }

  private async reconcile(): Promise<void> {
    const { namespace, kustomization } = this.target;
    const stamp = `reconcile.fluxcd.io/requestedAt=${new Date().toISOString()}`;
    await this.kubectl.try([
      "annotate",
      "--overwrite",
      "gitrepositories.source.toolkit.fluxcd.io",
      "--all",
      `--namespace=${namespace}`,
      stamp,
    ]);
    await sleep(PAUSE_MS);
    await this.kubectl.try([
      "annotate",
      "--overwrite",
      `kustomizations.kustomize.toolkit.fluxcd.io/${kustomization}`,
      `--namespace=${namespace}`,
      stamp,
    ]);
  }
}

function piped(
  file: string,
  args: readonly string[],
  input: string,
  cwd: string,
  env: Io["env"],
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env: { ...env } });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      stdout += part;
    });
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      stderr += part;
    });
    child.on("error", () => reject(new Skip(`${file} is not on PATH`)));
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
