import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Git, reasonOf } from "../../git/git";
import type { Io } from "../../io";
import { Fault, Skip } from "../probe";
import { unattended } from "./unattended";

/** Pushes that others won before this one gives up. */
const ATTEMPTS = 5;

/** Hooks of the person's own template would run on commits that are not his. */
const OWN = ["-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false"];

/** A branch of the deploy repository in a temporary folder, without its history. */
export class ScratchClone {
  readonly folder = mkdtempSync(join(tmpdir(), "sopsloop-verify-"));
  /** For files that must not be committed. */
  readonly aside = mkdtempSync(join(tmpdir(), "sopsloop-verify-"));
  private readonly git: Git;

  constructor(
    private readonly source: string,
    private readonly branch: string,
    io: Io,
  ) {
    this.git = new Git(this.folder, unattended(io.env));
  }

  /** @throws Skip where the branch cannot be read from here. */
  async open(): Promise<void> {
    await this.git.run(["init", "--quiet"]);
    const fetched = await this.git.try(this.fetching);
    if (fetched.code !== 0) throw new Skip(`${this.source} cannot be read from here: ${reasonOf(fetched)}`);
    await this.onTip();
  }

  /**
   * Makes a change on the branch's tip and pushes it, anew on each tip that others push meanwhile. Resolves with the commit's id, or
   * undefined where the change changes nothing. @throws Fault where the push is refused.
   */
  async push(message: string, change: () => void): Promise<string | undefined> {
    for (let attempt = 1; ; attempt++) {
      await this.git.run(this.fetching);
      await this.onTip();
      change();
      await this.git.run([...OWN, "add", "--all"]);
      if ((await this.git.text(["status", "--porcelain"])) === "") return undefined;
      await this.git.run([...OWN, ...(await this.author()), "commit", "--quiet", "--message", message]);
      const target = `HEAD:refs/heads/${this.branch}`;
      const pushed = await this.git.try([...OWN, "push", "--quiet", "--", this.source, target]);
      if (pushed.code === 0) return this.git.text(["rev-parse", "HEAD"]);
      if (attempt === ATTEMPTS)
        throw new Fault(
          `git push to ${this.branch} is refused: ${reasonOf(pushed)}`,
          `git push --dry-run ${this.source} HEAD:${this.branch}`,
        );
    }
  }

  close(): void {
    for (const folder of [this.folder, this.aside]) rmSync(folder, { recursive: true, force: true });
  }

  private get fetching(): string[] {
    return ["fetch", "--quiet", "--depth=1", "--", this.source, `refs/heads/${this.branch}`];
  }

  private async onTip(): Promise<void> {
    await this.git.run([...OWN, "reset", "--quiet", "--hard", "FETCH_HEAD"]);
  }

  /** The person's own name where git knows it: servers may refuse others. */
  private async author(): Promise<string[]> {
    const known = await this.git.try(["var", "GIT_AUTHOR_IDENT"]);
    return known.code === 0 ? [] : ["-c", "user.name=sopsloop", "-c", "user.email=verify@sopsloop.invalid"];
  }
}
