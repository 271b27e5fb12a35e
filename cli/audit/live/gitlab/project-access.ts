import * as z from "zod";
import { CliError } from "../../../errors/cli-error";
import type { Io } from "../../../io";
import { type GitLabAnswer, GitLabConnection } from "../../../preview-comment/gitlab/gitlab-connection";
import { authorities } from "../../../preview-comment/gitlab/merge-request";
import { Skip } from "../../../verify/probe";

const MOST_PAGES = 100;
const FILE = z.object({ content: z.base64() });

/** One project of GitLab as the caller's own token sees it; nothing is changed. */
export class ProjectAccess {
  private constructor(
    private readonly connection: GitLabConnection,
    private readonly project: string,
  ) {}

  /** @param project number of the project @throws Skip without a token. */
  static open(address: string, project: string, env: Io["env"]): ProjectAccess {
    const token = env.GITLAB_TOKEN?.trim();
    if (!token)
      throw new Skip(
        "GITLAB_TOKEN is not set; it takes a token with the scope read_api and the role Maintainer",
      );
    if (!/^[\x21-\x7e]+$/.test(token))
      throw new CliError("GITLAB_TOKEN holds a space or a control character; set it anew", 2);
    // Outputs may come from anywhere: whoever could choose the address could collect the token.
    if (!trustedAddresses(env).includes(address))
      throw new Skip(
        `the stack's GitLab is ${address}; set GITLAB_URL to it if GITLAB_TOKEN is that GitLab's: it is not sent anywhere else`,
      );
    // The sandbox's own variable, beside Node's and GitLab's.
    const ca = authorities({ CI_SERVER_TLS_CA_FILE: env.GITLAB_CA, ...env });
    return new ProjectAccess(new GitLabConnection({ api: `${address}/api/v4`, token, ca }), project);
  }

  /** What is there, as far as `shape` has it: anything else that GitLab tells is dropped at once. @throws Skip where one may not look. */
  async read<T extends z.ZodType>(path: string, shape: T): Promise<z.infer<T>> {
    return this.checked((await this.ask(path)).body, path, shape);
  }

  /** Every page of a list. */
  async list<T extends z.ZodType>(path: string, shape: T): Promise<z.infer<T>[]> {
    const found: z.infer<T>[] = [];
    let page: string | undefined = "1";
    for (let pages = 0; page !== undefined && pages < MOST_PAGES; pages++) {
      const answer = await this.ask(`${path}?per_page=100&page=${page}`);
      found.push(...this.checked(answer.body, path, z.array(shape)));
      page = answer.nextPage;
    }
    return found;
  }

  /** Text of a file at the tip of a branch; undefined where there is none. */
  async file(path: string, branch: string): Promise<string | undefined> {
    const address = `/repository/files/${encodeURIComponent(path)}?ref=${encodeURIComponent(branch)}`;
    const answer = await this.connection.ask("GET", `projects/${this.project}${address}`);
    // So GitLab says that it shows the repository, and that this is not in it.
    const isNone = answer.status === 404 && /File Not Found/i.test(JSON.stringify(answer.body));
    if (isNone) return undefined;
    const { content } = this.checked(this.shown(answer, address).body, address, FILE);
    return Buffer.from(content, "base64").toString("utf8");
  }

  close(): void {
    this.connection.close();
  }

  private async ask(path: string) {
    return this.shown(await this.connection.ask("GET", `projects/${this.project}${path}`), path);
  }

  private shown(answer: GitLabAnswer, path: string): GitLabAnswer {
    const where = `projects/${this.project}${path.replace(/\?.*$/, "")}`;
    if (answer.status === 401)
      throw new Skip(
        "GitLab does not take GITLAB_TOKEN: it has expired, was revoked, or is another GitLab's",
      );
    if (answer.status === 403 || answer.status === 404)
      throw new Skip(
        `GitLab does not show ${where} to GITLAB_TOKEN; it takes the scope read_api and the role Maintainer`,
      );
    if (answer.status !== 200) throw new Skip(`GitLab answers ${answer.status} for ${where}`);
    return answer;
  }

  private checked<T extends z.ZodType>(body: unknown, path: string, shape: T): z.infer<T> {
    const parsed = shape.safeParse(body);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new Skip(
      `GitLab's answer for projects/${this.project}${path} has no usable ${issue?.path.join(".")}`,
    );
  }
}

/** Addresses that the environment says GITLAB_TOKEN is for, as tools of GitLab's write them. */
function trustedAddresses({ GITLAB_URL, GITLAB_BASE_URL, GITLAB_HOST, CI_SERVER_URL }: Io["env"]): string[] {
  return [GITLAB_URL, GITLAB_BASE_URL, GITLAB_HOST, CI_SERVER_URL].flatMap((value) => {
    if (!value) return [];
    const address = value.includes("://") ? value : `https://${value}`;
    return address.replace(/\/+$/, "").replace(/\/api\/v4$/, "");
  });
}
