import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../../sandbox/processes/until";

/** A git before the real one in the jobs' PATH, which can hold a push back until somebody else was faster. */
export class PushGate {
  private readonly folder = mkdtempSync(join(tmpdir(), "sopsloop-gate-"));

  constructor() {
    const real = execFileSync("which", ["git"], { encoding: "utf8" }).trim();
    mkdirSync(this.path);
    const { armed, waiting } = this;
    const hold = `rm '${armed}'; touch '${waiting}'; while test -e '${waiting}'; do sleep 0.05; done`;
    const script = [
      "#!/bin/sh",
      `case " $* " in *" push "*) if test -e '${armed}'; then ${hold}; fi ;; esac`,
      `exec '${real}' "$@"`,
      "",
    ];
    writeFileSync(join(this.path, "git"), script.join("\n"));
    chmodSync(join(this.path, "git"), 0o755);
  }

  /** To be put before the rest of PATH. */
  get path(): string {
    return join(this.folder, "bin");
  }

  /** The next push waits at the gate while something happens. Resolves once it goes on. */
  async before(event: () => void | Promise<void>): Promise<void> {
    const look = async () => existsSync(this.waiting) || undefined;
    await until(look, { what: "a job to push", timeoutMs: 60_000 });
    await event();
    rmSync(this.waiting);
  }

  arm(): void {
    writeFileSync(this.armed, "");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get armed(): string {
    return join(this.folder, "armed");
  }

  private get waiting(): string {
    return join(this.folder, "waiting");
  }
}
