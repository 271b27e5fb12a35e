import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { CertificateAuthority } from "../../servers/certificate-authority";
import { Access } from "./access/access";
import type { Core, Edition } from "./core";
import { Hooks } from "./hooks/hooks";
import { Issuer } from "./oidc/issuer";
import { StoredPipelineHost } from "./pipeline-host";
import { PipelineStarter } from "./pipeline-starter";
import { PipelineRunner } from "./pipelines/pipeline-runner";
import { SmartHttp } from "./repository/smart-http";
import { restApi } from "./rest/app";
import { nextRun } from "./rest/schedules";
import { Directory } from "./store/directory";
import { Store } from "./store/store";

export interface GitLabOptions {
  /** Holds everything that it keeps. */
  readonly folder: string;
  /** On 127.0.0.1; 0 for any. */
  readonly port: number;
  /** PATH of the jobs. */
  readonly path: string;
  /** Further variables of the jobs, as the configuration of a runner gives them. */
  readonly jobEnvironment?: Readonly<Record<string, string>>;
  /** @default enterprise, as GitLab.com and most installations are, paid for or not */
  readonly edition?: Edition;
  /** Pipelines a minute for one project, user and commit. @default 0: any number, as GitLab comes */
  readonly pipelinesPerMinute?: number;
  /** Files with certificate authorities of webhook receivers. */
  readonly hookCa?: readonly string[];
}

const CLOCK_MS = 5_000;

/** The emulator of GitLab: REST, git over HTTPS, OpenID Connect, webhooks, schedules, and pipelines that run. */
export class GitLab {
  private clock: NodeJS.Timeout | undefined;

  private constructor(
    readonly core: Core,
    private readonly server: Server,
    /** File with the certificate authority of its own certificate. */
    readonly ca: string,
  ) {}

  static async start(options: GitLabOptions): Promise<GitLab> {
    const { folder, port, path, edition = "enterprise", pipelinesPerMinute = 0, hookCa = [] } = options;
    const { jobEnvironment: environment = {} } = options;
    const store = new Store(folder);
    const authority = await CertificateAuthority.open(join(folder, "tls"), "sopsloop sandbox GitLab CA");
    const certificate = await authority.issue("gitlab", {
      commonName: "gitlab",
      hosts: ["127.0.0.1", "localhost"],
    });
    const ca = join(folder, "tls", "ca.pem");
    const server = createServer({
      cert: readFileSync(certificate.certificate),
      key: readFileSync(certificate.key),
    });
    // As nginx before GitLab has it: longer than clients keep theirs, so that none is closed as a request comes.
    server.keepAliveTimeout = 75_000;
    await listen(server, port);
    const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const access = new Access(store);
    const directory = new Directory(store, folder, address);
    const issuer = new Issuer(address, join(folder, "oidc-key.pem"));
    const host = new StoredPipelineHost(address, ca, store, directory, access, issuer);
    const runner = new PipelineRunner(host, { folder: join(folder, "ci"), path, environment });
    const starter = new PipelineStarter(store, directory, access, runner, pipelinesPerMinute);
    const hooks = new Hooks(store, address, hookCa);
    const core: Core = { address, edition, store, directory, access, issuer, hooks, runner, starter };
    const git = new SmartHttp(core, folder);
    const rest = getRequestListener(restApi(core).fetch);
    server.on("request", (request, response) => {
      if (!git.takes(request, response)) void rest(request, response);
    });
    const gitlab = new GitLab(core, server, ca);
    gitlab.clock = setInterval(() => gitlab.runDueSchedules(), CLOCK_MS);
    return gitlab;
  }

  get address(): string {
    return this.core.address;
  }

  /** Ends running jobs, waits for hooks, and keeps what it knows. */
  async stop(): Promise<void> {
    clearInterval(this.clock);
    await this.core.runner.stop();
    await this.core.hooks.idle();
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.core.store.save();
  }

  private runDueSchedules(): void {
    const now = new Date().toISOString();
    for (const schedule of this.core.store.tables.schedules.filter(
      (one) => one.active && one.nextRunAt <= now,
    )) {
      schedule.nextRunAt = nextRun(schedule.cron, schedule.cronTimezone);
      this.core.store.changed();
      // A schedule has nobody to tell: its pipeline just does not come.
      void this.core.starter.runSchedule(schedule).catch(() => undefined);
    }
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", () => resolve());
  });
}
