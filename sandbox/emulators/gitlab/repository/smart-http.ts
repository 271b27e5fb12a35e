import type { IncomingMessage, ServerResponse } from "node:http";
import { basename, dirname } from "node:path";
import pLimit, { type LimitFunction } from "p-limit";
import { serveGit } from "../../../servers/git-cgi";
import type { Caller } from "../access/access";
import type { Core } from "../core";
import { afterPush, updatesBetween } from "../events";
import type { Project } from "../model";
import { layHooks, pushRules } from "./pre-receive";
import { Repository } from "./repository";

const REQUEST = /^\/(.+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** Clone, fetch and push over HTTPS, with a token as the password, as GitLab has it. */
export class SmartHttp {
  private readonly hooks: string;
  /** One push at a time for each project: what it has moved is told by comparing before and after. */
  private readonly turns = new Map<number, LimitFunction>();

  constructor(
    private readonly core: Core,
    folder: string,
  ) {
    this.hooks = layHooks(folder);
  }

  /** True when the request is git's; it is answered then. */
  takes(request: IncomingMessage, response: ServerResponse): boolean {
    const url = new URL(request.url ?? "/", this.core.address);
    const [, path, asked] = REQUEST.exec(decodeURIComponent(url.pathname)) ?? [];
    if (path === undefined || asked === undefined) return false;
    const pushing = asked === "git-receive-pack" || url.searchParams.get("service") === "git-receive-pack";
    void this.answer(request, response, path, asked, url.search.slice(1), pushing).catch((error: Error) => {
      process.stderr.write(`git: ${error.message}\n`);
      if (!response.headersSent) refuse(response, 500, "Internal error");
    });
    return true;
  }

  private async answer(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    asked: string,
    query: string,
    pushing: boolean,
  ): Promise<void> {
    const project = this.core.directory.project(path);
    const caller = this.callerOf(request);
    if (caller === undefined && (pushing || project?.settings.visibility !== "public")) {
      response.setHeader("WWW-Authenticate", 'Basic realm="GitLab"');
      refuse(response, 401, "HTTP Basic: Access denied. The provided password or token is incorrect.");
      return;
    }
    if (project === undefined || (caller && !this.core.access.mayFetch(project, caller) && !pushing)) {
      refuse(response, 404, "The project you were looking for could not be found.");
      return;
    }
    if (pushing && (caller === undefined || !this.core.access.mayPush(project, caller))) {
      refuse(response, 403, "You are not allowed to push code to this project.");
      return;
    }
    const { repository } = project;
    const git = {
      folder: dirname(repository),
      path: `/${basename(repository)}/${asked}`,
      query,
      user: caller?.user.username ?? "anonymous",
    };
    if (!pushing || caller === undefined) return serveGit(request, response, git);
    const { tables } = this.core.store;
    const rules = tables.protectedBranches.filter(({ projectId }) => projectId === project.id);
    const variables = pushRules(this.hooks, this.core.access, project, caller.user, rules);
    if (asked !== "git-receive-pack") return serveGit(request, response, { ...git, variables });
    return this.turnOf(project)(async () => {
      const refs = new Repository(repository);
      const before = await refs.refs();
      await serveGit(request, response, { ...git, variables });
      await afterPush(this.core, project, caller, updatesBetween(before, await refs.refs()));
    });
  }

  private callerOf({ headers }: IncomingMessage): Caller | undefined {
    const [, encoded = ""] = /^Basic (.+)$/i.exec(headers.authorization ?? "") ?? [];
    const plain = Buffer.from(encoded, "base64").toString("utf8");
    const [user, token] = [plain.slice(0, plain.indexOf(":")), plain.slice(plain.indexOf(":") + 1)];
    const caller = this.core.access.callerOf(token);
    const asJob = user === "gitlab-ci-token";
    return caller !== undefined && (caller.job !== undefined) === asJob ? caller : undefined;
  }

  private turnOf({ id }: Project): LimitFunction {
    const turn = this.turns.get(id) ?? pLimit(1);
    this.turns.set(id, turn);
    return turn;
  }
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain" });
  response.end(`${text}\n`);
}
