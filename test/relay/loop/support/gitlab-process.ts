import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Agent as HttpAgent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Gitlab } from "@gitbeaker/rest";
import { Agent } from "undici";
import type { StartOptions } from "../../../../sandbox/emulators/gitlab/start";
import { freePorts } from "../../../../sandbox/processes/free-port";
import { until } from "../../../../sandbox/processes/until";
import { plainEnvironment } from "../../../../sandbox/servers/environment";

const ROOT = join(__dirname, "..", "..", "..", "..");
const MAIN = join(ROOT, "sandbox", "emulators", "gitlab", "main.ts");
const START_MS = 60_000;
const PROJECTS = [{ path: "platform/deploy", id: 101 }];

/** What may change from one start to the next. */
export type Changes = Pick<Partial<StartOptions>, "pipelinesPerMinute">;

/** GitLab's emulator as a process of its own, which goes down and comes back: the same folder, the same port. */
export class GitLabProcess {
  private child: ChildProcess | undefined;
  private agent: Agent | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async create(): Promise<GitLabProcess> {
    const [port = 0] = await freePorts(1);
    const gitlab = new GitLabProcess(mkdtempSync(join(tmpdir(), "sopsloop-gitlab-")), port);
    try {
      await gitlab.start();
      return gitlab;
    } catch (error) {
      await gitlab.close();
      throw error;
    }
  }

  get address(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** File with the certificate authority of its certificate. */
  get ca(): string {
    return join(this.folder, "state", "tls", "ca.pem");
  }

  /** Gitbeaker as the bot, a Maintainer. */
  get api() {
    const token = readFileSync(join(this.folder, "state", "sopsloop-bot-token"), "utf8");
    this.agent ??= new Agent({ connect: { ca: readFileSync(this.ca, "utf8") } });
    // Its types have an agent of Node's http; what it does is hand it to fetch as the dispatcher.
    return new Gitlab({ host: this.address, token, agent: this.agent as unknown as HttpAgent });
  }

  /** The bot's token, by which it pushes. */
  get botToken(): string {
    return readFileSync(join(this.folder, "state", "sopsloop-bot-token"), "utf8");
  }

  async start(changes: Changes = {}): Promise<void> {
    const settings = join(this.folder, "settings.json");
    const options: StartOptions = {
      folder: join(this.folder, "state"),
      port: this.port,
      path: process.env.PATH ?? "",
      projects: PROJECTS,
      ...changes,
    };
    writeFileSync(settings, JSON.stringify(options), { mode: 0o600 });
    const child = spawn(process.execPath, ["--import", "tsx", MAIN, settings], {
      cwd: ROOT,
      env: plainEnvironment(),
      stdio: ["ignore", "inherit", "inherit"],
    });
    this.child = child;
    await until(() => this.answers(child), { what: "GitLab to answer", timeoutMs: START_MS });
  }

  /** Ends it, so that nobody listens any more. */
  async stop(): Promise<void> {
    const { child, agent } = this;
    [this.child, this.agent] = [undefined, undefined];
    await agent?.destroy();
    if (!child || child.exitCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async answers(child: ChildProcess): Promise<true | undefined> {
    if (child.exitCode !== null) throw new Error(`GitLab has ended with ${child.exitCode}`);
    try {
      await this.api.Users.showCurrentUser();
      return true;
    } catch {
      return undefined;
    }
  }
}
