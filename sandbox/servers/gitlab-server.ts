import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { StartOptions } from "../emulators/gitlab/start";
import { Daemon } from "../processes/daemon";
import { HttpsJson } from "./https-json";
import type { Layout } from "./layout";
import { nodeLaunch } from "./node-launch";

/** Numbers of the projects that are there from the start. */
export const PROJECTS = { deploy: 101, app: 102, sopsloop: 103, deployTwo: 104 } as const;

/** The emulator of GitLab as a process. Its project `platform/deploy` is the repository that Flux watches. */
export class GitLabServer {
  private readonly daemon: Daemon;

  /** @param jobEnvironment further variables of every job. */
  constructor(
    private readonly layout: Layout,
    private readonly jobEnvironment: Readonly<Record<string, string>> = {},
  ) {
    this.daemon = new Daemon("gitlab", layout);
  }

  get pid(): number | undefined {
    return this.daemon.pid;
  }

  /** The deploy repository has to be there. */
  async start(): Promise<void> {
    const { gitlab } = this.layout;
    mkdirSync(gitlab.folder, { recursive: true, mode: 0o700 });
    writeFileSync(gitlab.settings, JSON.stringify(this.options(), undefined, 2), { mode: 0o600 });
    const file = join(__dirname, "..", "emulators", "gitlab", "main.ts");
    await this.daemon.start(nodeLaunch(file, [gitlab.settings]));
    await this.daemon.ready(() => this.answers(), 60_000);
  }

  stop(): Promise<void> {
    return this.daemon.stop();
  }

  private options(): StartOptions {
    const { gitlab, git, ports, bin } = this.layout;
    return {
      folder: gitlab.folder,
      port: ports.gitlab,
      // Jobs have the sandbox's tools, and `sopsloop` itself: what a container image would have.
      path: [bin, process.env.PATH ?? ""].join(delimiter),
      jobEnvironment: this.jobEnvironment,
      projects: [
        { path: "platform/deploy", id: PROJECTS.deploy, repository: git.repository },
        { path: "platform/app", id: PROJECTS.app },
        { path: "platform/sopsloop", id: PROJECTS.sopsloop },
        { path: "platform/deploy-two", id: PROJECTS.deployTwo, repository: git.second.repository },
      ],
    };
  }

  private async answers(): Promise<boolean> {
    const { address, ca, adminToken, botToken } = this.layout.gitlab;
    if (![ca, adminToken, botToken].every((file) => existsSync(file))) return false;
    const http = new HttpsJson({ address, ca: readFileSync(ca, "utf8") });
    try {
      return (await http.send("GET", "/.well-known/openid-configuration")).status === 200;
    } catch {
      return false;
    } finally {
      http.close();
    }
  }
}
