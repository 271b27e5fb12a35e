import * as z from "zod";
import { CliError } from "../../errors/cli-error";
import { type GitLabAnswer, GitLabConnection } from "./gitlab-connection";
import type { MergeRequest } from "./merge-request";
import { type Asked, refusal, Unanswered } from "./refusals";

/** What became of the comment. */
export interface Posted {
  readonly action: "created" | "updated" | "unchanged";
  /** Number of GitLab's note. */
  readonly note: number;
}

const user = z.object({ id: z.number() });
const note = z.object({
  id: z.number(),
  body: z.string(),
  system: z.boolean().default(false),
  author: z.object({ id: z.number() }),
});

type Note = z.infer<typeof note>;

/** Most that GitLab gives at once. */
const PER_PAGE = 100;

/** The one comment of a stack on a merge request. Those of other people are never touched, whatever they hold. */
export class OwnComment {
  constructor(
    private readonly request: MergeRequest,
    private readonly gitlab: GitLabConnection = new GitLabConnection(request),
  ) {}

  /**
   * Makes it, or gives it this text. @param marker its first line. @throws CliError where GitLab refuses, or does not answer.
   */
  async write(marker: string, text: string): Promise<Posted> {
    const me = this.read(user, "who this is", await this.gitlab.ask("GET", "user")).id;
    for (let attempt = 1; ; attempt++) {
      const [mine, ...surplus] = await this.mine(me, marker);
      // Two pipelines may have begun at the same time.
      for (const { id } of surplus) await this.remove(id);
      if (mine) return this.update(mine, text);
      const made = await this.gitlab.once("POST", this.notes, { body: text });
      if (!(made instanceof Unanswered))
        return { action: "created", note: this.read(note.pick({ id: true }), "to comment", made).id };
      // It may be there all the same: it is looked for before it is made once more.
      await this.gitlab.pause(made, attempt);
    }
  }

  close(): void {
    this.gitlab.close();
  }

  private get notes(): string {
    return `projects/${this.request.project}/merge_requests/${this.request.iid}/notes`;
  }

  private async update({ id, body }: Note, text: string): Promise<Posted> {
    // GitLab may have taken the end of the last line off.
    if (body.trimEnd() === text.trimEnd()) return { action: "unchanged", note: id };
    const answer = await this.gitlab.ask("PUT", `${this.notes}/${id}`, { body: text });
    this.read(note.pick({ id: true }), "to comment", answer);
    return { action: "updated", note: id };
  }

  private async remove(id: number): Promise<void> {
    const answer = await this.gitlab.ask("DELETE", `${this.notes}/${id}`);
    if (answer.status !== 204 && answer.status !== 404) throw refusal(this.request, "to comment", answer);
  }

  /** This user's own comments with the marker, oldest first. */
  private async mine(me: number, marker: string): Promise<readonly Note[]> {
    const found: Note[] = [];
    let page: string | undefined = "1";
    while (page !== undefined) {
      const query = `per_page=${PER_PAGE}&sort=asc&order_by=created_at&page=${page}`;
      const answer: GitLabAnswer = await this.gitlab.ask("GET", `${this.notes}?${query}`);
      for (const one of this.read(z.array(note), "the comments", answer))
        if (one.author.id === me && !one.system && one.body.startsWith(`${marker}\n`)) found.push(one);
      page = answer.nextPage;
    }
    return found.sort((a, b) => a.id - b.id);
  }

  private read<T extends z.ZodType>(schema: T, asked: Asked, answer: GitLabAnswer): z.infer<T> {
    if (answer.status < 200 || answer.status >= 300) throw refusal(this.request, asked, answer);
    const read = schema.safeParse(answer.body);
    if (read.success) return read.data;
    throw new CliError(
      `${this.request.api} does not answer as GitLab does when asked ${asked}; is CI_API_V4_URL right?`,
    );
  }
}
