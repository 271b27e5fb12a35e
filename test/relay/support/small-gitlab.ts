import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a trigger was called with. */
export interface Trigger {
  readonly inputs: Readonly<Record<string, string>>;
}

type Answer = (trigger: Trigger, response: ServerResponse) => void;

/** May list pipelines, and nothing else. */
export const READ_TOKEN = `glpat-${"r".repeat(20)}`;

/** GitLab's trigger API and its list of pipelines, and nothing else, for runs by the hundred: GitLab's emulator plans every pipeline, which takes seconds. */
export class SmallGitLab {
  readonly triggers: Trigger[] = [];
  /** Answers the next triggers in the place of a pipeline, one each. */
  readonly script: Answer[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<SmallGitLab> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const gitlab = new SmallGitLab(server);
    server.on("request", (request, response) => void gitlab.answer(request, response));
    return gitlab;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many pipelines were started for a version. */
  startedFor(version: string): number {
    return this.triggers.filter(({ inputs }) => inputs.version === version).length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private named(name: string | null) {
    const all = this.triggers.map(({ inputs: { backend, key, version } }, at) => ({
      id: at + 1,
      name: `${backend} ${key} ${version}`,
    }));
    return all.filter((one) => one.name === name);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname, searchParams } = new URL(request.url ?? "/", this.url);
    if (pathname.endsWith("/pipelines") && request.headers["private-token"] === READ_TOKEN) {
      response.end(JSON.stringify(this.named(searchParams.get("name"))));
      return;
    }
    if (!pathname.endsWith("/trigger/pipeline")) {
      response.writeHead(401).end();
      return;
    }
    const trigger: Trigger = JSON.parse(Buffer.concat(chunks).toString());
    const answer = this.script.shift();
    if (answer) {
      answer(trigger, response);
      return;
    }
    this.triggers.push(trigger);
    response.writeHead(201, { "content-type": "application/json" });
    response.end(JSON.stringify({ id: this.triggers.length }));
  }
}
