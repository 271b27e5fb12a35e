import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LiveReading } from "../../../cli/audit/live/live-reading";
import { readLive } from "../../../cli/audit/live/read-live";
import type { StateResource } from "../../../cli/audit/source/state-resource";
import { PROJECTS } from "../../../sandbox/servers/gitlab-server";
import { HttpsJson } from "../../../sandbox/servers/https-json";
import { resourcesOf } from "./state-resources";
import { VerifiedLoop } from "./verified-loop";

type Fields = Readonly<Record<string, unknown>>;

/** A value of a GitLab variable, which no report may have. */
export const VARIABLE = "canary-7Qd1sVtz0KpW";

/** A loop with its GitLab half, whose live systems are misconfigured and healed through their own APIs. */
export class LiveLoop {
  /** Each reading as it would be written. */
  readonly written: string[] = [];
  private readonly before = new Map<string, Fields>();
  /** Files that were taken away. */
  private readonly taken = new Set<string>();

  private constructor(
    readonly it: VerifiedLoop,
    private readonly http: HttpsJson,
    private readonly resources: readonly StateResource[],
  ) {}

  static async start(name: string): Promise<LiveLoop> {
    const it = await VerifiedLoop.start(name, undefined, { gitlab: true });
    const { stack } = it;
    const variable = "sopsloop:gitlabVariables.SHOP_KEY";
    await stack.succeed("config", "set", "--path", `${variable}.environment`, "sandbox");
    await stack.succeedWith(VARIABLE, "config", "set", "--secret", "--path", `${variable}.value`);
    // One that is shown in logs on purpose.
    const shown = "sopsloop:gitlabVariables.SHOP_HOST";
    await stack.succeed("config", "set", "--path", `${shown}.environment`, "sandbox");
    await stack.succeed("config", "set", "--path", `${shown}.masked`, "false");
    await stack.succeedWith("db.example.com", "config", "set", "--secret", "--path", `${shown}.value`);
    await stack.up();
    writeFileSync(it.outputs, JSON.stringify(await stack.outputs()));
    const { address, ca } = it.loop.layout.gitlab;
    const http = new HttpsJson({ address, ca: readFileSync(ca, "utf8") });
    return new LiveLoop(it, http, await resourcesOf(stack));
  }

  /** What the audit sees as somebody with these variables beside the sandbox's own. */
  async read(env: Readonly<Record<string, string | undefined>> = {}): Promise<LiveReading> {
    const { outputs, resources, it } = this;
    const reading = await readLive({ outputs, resources, env: { ...it.loop.env, ...env } });
    this.written.push(JSON.stringify(reading));
    return reading;
  }

  get outputs(): unknown {
    return JSON.parse(readFileSync(this.it.outputs, "utf8"));
  }

  async vault<T = Fields>(method: string, path: string, body?: object): Promise<T> {
    return (await this.it.vault(method, path, body)) as T;
  }

  /** Writes what is in Vault with a change, and remembers how it was. */
  async edit(path: string, change: object): Promise<void> {
    const { data } = await this.vault<{ data: Fields }>("GET", path);
    this.before.set(path, data);
    await this.vault("PUT", path, { ...data, ...change });
  }

  /** As it was before `edit`. */
  async restore(path: string, more: object = {}): Promise<void> {
    await this.vault("PUT", path, { ...this.before.get(path), ...more });
  }

  /** Takes the key away, and puts one of this kind there. */
  async newKey(settings: Fields | undefined): Promise<void> {
    const path = "transit/keys/sops";
    if ((await this.it.vault("GET", path)) !== undefined) {
      await this.vault("PUT", `${path}/config`, { deletion_allowed: true });
      await this.vault("DELETE", path);
    }
    if (settings) await this.vault("POST", path, settings);
  }

  /** Makes an object of the cluster, or changes it by its whole. */
  async apply(object: object): Promise<void> {
    const file = join(this.it.loop.layout.root, "planted.json");
    writeFileSync(file, JSON.stringify(object));
    await this.it.kubectl("apply", "--server-side", "--force-conflicts", "--filename", file);
  }

  kubectl(...words: string[]): Promise<string> {
    return this.it.kubectl(...words);
  }

  /** GitLab's REST for the deploy project as its Maintainer, or as somebody else. */
  async gitlab<T = Fields>(method: string, path: string, body?: object, token?: string): Promise<T> {
    const own = readFileSync(this.it.loop.layout.gitlab.botToken, "utf8").trim();
    const headers = { "private-token": token ?? own };
    const address = `/api/v4/projects/${PROJECTS.deploy}${path}`;
    const answer = await this.http.send(method, address, { headers, ...(body && { body }) });
    if (answer.status >= 300) throw new Error(`GitLab answered ${answer.status} to ${method} ${path}`);
    return answer.body as T;
  }

  /** Commits a file of the deploy repository as its Maintainer, and starts no pipeline by it; `undefined` takes it away. */
  async commit(path: string, content: string | undefined): Promise<void> {
    const about = { branch: "main", commit_message: `${path} [skip ci]` };
    const method = content === undefined ? "DELETE" : this.taken.has(path) ? "POST" : "PUT";
    await this.gitlab(method, fileOf(path), { ...about, ...(content !== undefined && { content }) });
    if (content === undefined) this.taken.add(path);
    else this.taken.delete(path);
  }

  /** What stands in a file of the deploy repository. */
  async file(path: string): Promise<string> {
    const { content } = await this.gitlab<{ content: string }>("GET", `${fileOf(path)}?ref=main`);
    return Buffer.from(content, "base64").toString("utf8");
  }

  async stop(): Promise<void> {
    this.http.close();
    await this.it.stop();
  }
}

function fileOf(path: string): string {
  return `/repository/files/${encodeURIComponent(path)}`;
}
