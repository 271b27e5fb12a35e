import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { type HttpAnswer, HttpTransport, type Unreached } from "../engine/http-transport";
import type { PlainMap, PlainValue } from "../engine/resource-type";
import { UnknownOutcomeError } from "../engine/unknown-outcome-error";
import { isList, isMap } from "../engine/wire";
import { complaintOf } from "./complaint";
import type { Connection } from "./connection";
import { GitLabError } from "./gitlab-error";
import { isWorthRepeating, waitMs } from "./repeating";

/** Path below `api/v4/`, each part as it is: `["projects", "group/name", "triggers", 3]`. */
export type Path = readonly (string | number)[];
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** A proxy in front of GitLab gave up waiting; GitLab itself may have gone on. */
const LOST_BEHIND_A_PROXY: readonly number[] = [502, 504];

interface Ask {
  readonly method: string;
  readonly path: Path;
  /** As in "GitLab refused to …". */
  readonly doing: string;
  readonly query?: Query | undefined;
  readonly body?: PlainMap | undefined;
}

/** GitLab's REST API. A request that met the rate limit is repeated; a refusal is a `GitLabError`. */
export class GitLabClient {
  /** GitLab cannot make two commits on one branch at once: whoever commits takes a turn here. */
  readonly commits = pLimit(1);
  private readonly http: HttpTransport;
  private user: Promise<PlainMap> | undefined;
  private metadata: Promise<PlainMap> | undefined;

  constructor(private readonly connection: Connection) {
    this.http = new HttpTransport(connection.baseUrl.protocol === "https:", connection.tls);
  }

  /** `undefined` when there is no such thing, or none that the token's user may see. */
  async get(path: Path, doing: string, query?: Query): Promise<PlainMap | undefined> {
    const answer = await this.send({ method: "GET", path, doing, query });
    return answer.status === 404 ? undefined : mapIn(this.fulfilled(answer, doing));
  }

  /** Every item of a list, page by page. */
  async list(path: Path, doing: string): Promise<PlainMap[]> {
    const items: PlainMap[] = [];
    for (let page = "1"; page !== ""; ) {
      const answer = await this.send({ method: "GET", path, doing, query: { per_page: 100, page } });
      const body = jsonIn(this.fulfilled(answer, doing));
      if (isList(body)) items.push(...body.filter(isMap));
      page = String(answer.headers["x-next-page"] ?? "");
    }
    return items;
  }

  async post(path: Path, doing: string, body: PlainMap = {}): Promise<PlainMap> {
    return this.write({ method: "POST", path, doing, body });
  }

  async put(path: Path, doing: string, body: PlainMap, query?: Query): Promise<PlainMap> {
    return this.write({ method: "PUT", path, doing, body, query });
  }

  async patch(path: Path, doing: string, body: PlainMap): Promise<PlainMap> {
    return this.write({ method: "PATCH", path, doing, body });
  }

  /** Parameters of a deletion go into the query, as in GitLab's own clients. */
  async delete(path: Path, doing: string, query?: Query): Promise<void> {
    await this.write({ method: "DELETE", path, doing, query });
  }

  /** Id of the token's user. Throws when the token is not valid. */
  async currentUser(): Promise<PlainValue> {
    this.user ??= this.get(["user"], "tell who the token's user is").then((user) => user ?? {});
    return (await this.user).id ?? null;
  }

  /** True for the Enterprise Edition, on GitLab.com as well, whatever is paid for. */
  async isEnterprise(): Promise<boolean> {
    this.metadata ??= this.get(["metadata"], "tell its edition").then((metadata) => metadata ?? {});
    return (await this.metadata).enterprise === true;
  }

  private async write(ask: Ask): Promise<PlainMap> {
    const answer = await this.send(ask);
    if (LOST_BEHIND_A_PROXY.includes(answer.status)) throw this.unknownOutcome(ask, String(answer.status));
    return mapIn(this.fulfilled(answer, ask.doing));
  }

  private fulfilled(answer: HttpAnswer, doing: string): HttpAnswer {
    if (answer.status < 300) return answer;
    throw new GitLabError(answer.status, complaintOf(jsonIn(answer)), doing);
  }

  private async send(ask: Ask): Promise<HttpAnswer> {
    const { retries, baseUrl } = this.connection;
    for (let attempt = 0; ; attempt++) {
      const answer = await this.attempt(ask);
      if ("code" in answer) {
        throw new Error(
          `cannot reach GitLab at ${baseUrl.origin} to ${ask.doing}: ${answer.reason} (${answer.code})`,
        );
      }
      if (attempt >= retries || !isWorthRepeating(ask.method, answer.status)) return answer;
      await sleep(waitMs(attempt, answer.headers["retry-after"]));
    }
  }

  /** A read whose connection broke changed nothing; a write may have been done. */
  private async attempt(ask: Ask): Promise<HttpAnswer | Unreached> {
    const { token, headers } = this.connection;
    const body = ask.body === undefined ? undefined : JSON.stringify(ask.body);
    try {
      return await this.http.send({
        method: ask.method,
        url: this.urlOf(ask),
        headers: {
          ...headers,
          Authorization: `Bearer ${token}`,
          ...(body !== undefined && { "Content-Type": "application/json" }),
        },
        body,
      });
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      if (ask.method === "GET") return { code, reason: message };
      throw this.unknownOutcome(ask, code || message);
    }
  }

  private unknownOutcome({ doing }: Ask, why: string): UnknownOutcomeError {
    const { origin } = this.connection.baseUrl;
    return new UnknownOutcomeError(
      `GitLab at ${origin} did not answer (${why}): whether it went on to ${doing}, nobody can tell`,
    );
  }

  private urlOf({ path, query = {} }: Ask): URL {
    const url = new URL(path.map(encodeURIComponent).join("/"), this.connection.baseUrl);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }
}

function mapIn(answer: HttpAnswer): PlainMap {
  const body = jsonIn(answer);
  return isMap(body) ? body : {};
}

/** A proxy's HTML page, say, is no JSON: the status alone has to do then. */
function jsonIn(answer: HttpAnswer): PlainValue {
  try {
    return JSON.parse(answer.text) as PlainValue;
  } catch {
    return null;
  }
}
