import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../processes/run";
import { PLAIN_GIT } from "../servers/environment";

type Environment = Readonly<Record<string, string | undefined>>;

/** A clone of the deploy repository in a temporary folder, worked on as a developer would. */
export class DeployClone {
  private constructor(
    readonly folder: string,
    private readonly env: Environment,
  ) {}

  /** @param env has git and sops on PATH, and Vault's address, CA and token for sops. */
  static async of(url: string, env: Environment): Promise<DeployClone> {
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-deploy-"));
    // Kept in the clone's own settings: whoever commits there, on a machine that knows no author.
    const author = ["-c", "user.name=sandbox", "-c", "user.email=sandbox@sopsloop.invalid"];
    await run("git", ["clone", "--quiet", ...author, url, folder], { env: { ...env, ...PLAIN_GIT } });
    return new DeployClone(folder, env);
  }

  write(path: string, content: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode: 0o600 });
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  remove(path: string): void {
    rmSync(join(this.folder, path), { force: true });
  }

  /** Encrypts a file in place by the rules of the clone's `.sops.yaml`. */
  async encrypt(path: string): Promise<void> {
    await run("sops", ["encrypt", "--in-place", path], { cwd: this.folder, env: this.env });
    // Encrypted, it may be read by everybody who may read the repository.
    chmodSync(join(this.folder, path), 0o644);
  }

  /** Commits everything and pushes it to `main`. Resolves with the commit's id. */
  async push(message: string): Promise<string> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--allow-empty", `--message=${message}`);
    await this.git("push", "--quiet", "origin", "HEAD:main");
    return this.head();
  }

  /** Moves to the newest commit of `main`. Resolves with its id. */
  async pull(): Promise<string> {
    await this.git("pull", "--quiet", "--ff-only", "origin", "main");
    return this.head();
  }

  /** Id of the commit that is checked out. */
  async head(): Promise<string> {
    return (await this.git("rev-parse", "HEAD")).trim();
  }

  /** When that commit was made, in milliseconds since 1970. */
  async committedAt(): Promise<number> {
    return Number((await this.git("log", "-1", "--format=%ct")).trim()) * 1000;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private git(...args: string[]): Promise<string> {
    return run("git", args, { cwd: this.folder, env: { ...this.env, ...PLAIN_GIT } });
  }
}
