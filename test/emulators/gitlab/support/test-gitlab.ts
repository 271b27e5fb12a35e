import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { Agent as HttpAgent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Gitlab } from "@gitbeaker/rest";
import { Agent } from "undici";
import { type StartOptions, startGitLab } from "../../../../sandbox/emulators/gitlab/start";

const PROJECTS = [
  { path: "platform/deploy", id: 101 },
  { path: "platform/app", id: 102 },
];

/** An emulator in a folder of its own, with GitLab's clients for it. `close` ends it and removes the folder. */
export async function testGitLab(options: Partial<StartOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "sopsloop-gitlab-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const started = await startGitLab({
    folder,
    port: 0,
    path: process.env.PATH ?? "",
    projects: PROJECTS,
    ...options,
  }).catch((error: unknown) => {
    remove();
    throw error;
  });
  const { gitlab } = started;
  const agent = new Agent({ connect: { ca: readFileSync(gitlab.ca, "utf8") } });
  const tokens = {
    admin: readFileSync(started.adminToken, "utf8"),
    bot: readFileSync(started.botToken, "utf8"),
  };
  return {
    gitlab,
    folder,
    tokens,
    address: gitlab.address,
    ca: gitlab.ca,
    /** Gitbeaker with a token. */
    client: (
      token: string, // Its types have an agent of Node's http; what it does is hand it to fetch as the dispatcher.
    ) => new Gitlab({ host: gitlab.address, token, agent: agent as unknown as HttpAgent }),
    /** Plain HTTP, for what a client would not send. */
    ask: (method: string, path: string, init: { token?: string; body?: unknown; headers?: object } = {}) =>
      fetch(`${gitlab.address}${path}`, {
        method,
        headers: {
          ...(init.token !== undefined && { "private-token": init.token }),
          ...(init.body !== undefined && { "content-type": "application/json" }),
          ...init.headers,
        },
        ...(init.body !== undefined && { body: JSON.stringify(init.body) }),
        ...({ dispatcher: agent } as object),
      }),
    close: async () => {
      await gitlab.stop();
      await agent.destroy();
      remove();
    },
  };
}

export type TestGitLab = Awaited<ReturnType<typeof testGitLab>>;
