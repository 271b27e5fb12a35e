import { readFileSync } from "node:fs";
import type { Agent as HttpAgent } from "node:http";
import { Gitlab } from "@gitbeaker/rest";
import { Agent } from "undici";
import type { Layout } from "./layout";

/** GitLab's API by the usual client for Node, which knows nothing of the emulator. */
export class GitLabApi {
  private constructor(
    readonly client: Gitlab,
    private readonly agent: Agent,
  ) {}

  /** As `sopsloop-bot`, a Maintainer of every project. */
  static bot(layout: Layout): GitLabApi {
    return GitLabApi.as(layout, readFileSync(layout.gitlab.botToken, "utf8").trim());
  }

  /** As an administrator. */
  static admin(layout: Layout): GitLabApi {
    return GitLabApi.as(layout, readFileSync(layout.gitlab.adminToken, "utf8").trim());
  }

  private static as({ gitlab: { address, ca } }: Layout, token: string): GitLabApi {
    const agent = new Agent({ connect: { ca: readFileSync(ca, "utf8") } });
    // Its types have an agent of Node's http; what it does is hand it to fetch as the dispatcher.
    return new GitLabApi(new Gitlab({ host: address, token, agent: agent as unknown as HttpAgent }), agent);
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}
