import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PLAIN_GIT } from "../../../../sandbox/servers/environment";

type Environment = Readonly<Record<string, string | undefined>>;

const AUTHOR = {
  GIT_AUTHOR_NAME: "tester",
  GIT_AUTHOR_EMAIL: "tester@sopsloop.invalid",
  GIT_COMMITTER_NAME: "tester",
  GIT_COMMITTER_EMAIL: "tester@sopsloop.invalid",
};

/** A git repository of sops files in a temporary folder, made and read by the real sops and git. */
export class SopsRepository {
  private constructor(
    readonly folder: string,
    /** What its owner has set: Vault's address, CA and token, and a git without settings of the person who runs the tests. */
    readonly env: Environment,
  ) {}

  static create(vault: Environment, parent = tmpdir()): SopsRepository {
    const folder = mkdtempSync(join(parent, "sopsloop-repository-"));
    const repository = SopsRepository.at(folder, SopsRepository.settings(vault));
    repository.git("init", "--quiet", "--initial-branch=main");
    return repository;
  }

  /** A git without settings of the person who runs the tests, and an author. */
  static settings(vault: Environment): Environment {
    return { PATH: process.env.PATH, ...PLAIN_GIT, ...AUTHOR, ...vault };
  }

  /** One that is laid out otherwise, with another's settings. */
  static at(folder: string, env: Environment): SopsRepository {
    return new SopsRepository(folder, { ...env, HOME: join(folder, ".git") });
  }

  /** A clone with the same settings. */
  clone(): SopsRepository {
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-clone-"));
    execFileSync("git", ["clone", "--quiet", this.remote, folder], { env: this.env, stdio: "pipe" });
    return SopsRepository.at(folder, this.env);
  }

  /** The same folder, with other settings. */
  with(env: Environment): SopsRepository {
    return new SopsRepository(this.folder, { ...this.env, ...env });
  }

  /** Where the upstream lies, once there is one. */
  get remote(): string {
    return `${this.folder}.git`;
  }

  /** Makes a bare repository beside it, and pushes to it. */
  withUpstream(): this {
    execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", this.remote], {
      env: this.env,
    });
    this.git("remote", "add", "origin", this.remote);
    this.git("push", "--quiet", "-u", "origin", "main");
    return this;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.remote, { recursive: true, force: true });
  }

  /** Gives the whole folder to another user. Only root can. */
  giveTo(uid: number): void {
    execFileSync("chown", ["-R", "--no-dereference", `${uid}:${uid}`, this.folder]);
  }

  ownerOf(path: string): [number, number] {
    const { uid, gid } = statSync(join(this.folder, path));
    return [uid, gid];
  }

  git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.folder, env: this.env, stdio: "pipe" })
      .toString("utf8")
      .trimEnd();
  }

  missing(path: string): boolean {
    return !existsSync(join(this.folder, path));
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
  }

  makeExecutable(path: string): void {
    chmodSync(join(this.folder, path), 0o755);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "latin1");
  }

  /** Writes a file and encrypts it by sops for these keys. */
  encrypt(path: string, content: string, ...uris: string[]): void {
    this.write(path, content);
    const words = ["encrypt", "--in-place", "--hc-vault-transit", uris.join(","), path];
    execFileSync("sops", words, { cwd: this.folder, env: this.env, stdio: "pipe" });
  }

  /** Writes a file and encrypts it by the rules of `.sops.yaml`. */
  encryptByRules(path: string, content: string): void {
    this.write(path, content);
    execFileSync("sops", ["encrypt", "--in-place", path], { cwd: this.folder, env: this.env, stdio: "pipe" });
  }

  decrypt(path: string): string {
    return execFileSync("sops", ["decrypt", path], {
      cwd: this.folder,
      env: this.env,
      stdio: "pipe",
    }).toString("latin1");
  }

  commitAll(message = "Files"): string {
    this.git("add", "--all");
    this.git("commit", "--quiet", `--message=${message}`);
    return this.git("rev-parse", "HEAD");
  }

  /** What differs from the last commit, as `git status` has it. */
  status(): string {
    return this.git("status", "--porcelain");
  }
}

/** A Secret with five values. */
export function secret(name: string): string {
  const values = ["alpha", "beta", "gamma", "delta", "epsilon"].map((key) => `  ${key}: ${key}-${name}`);
  return [
    "apiVersion: v1",
    "kind: Secret",
    "metadata:",
    `  name: ${name}`,
    "stringData:",
    ...values,
    "",
  ].join("\n");
}
