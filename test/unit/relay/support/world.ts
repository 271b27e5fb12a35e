import { AUTHORITY, TENANT, type Tenant } from "./tenant";

/** May list pipelines, and nothing else. */
export const READ_TOKEN = `glpat-${"c3".repeat(10)}`;
const PIPELINES = "https://gitlab.example.com/api/v4/projects/101/pipelines";

/** A call that the relay made of GitLab's trigger API. */
export interface TriggerCall {
  readonly url: string;
  readonly body: { readonly token: string; readonly ref: string; readonly inputs: Record<string, string> };
}

export type Answer = (call: TriggerCall, signal: AbortSignal) => Response | Promise<Response>;

/** GitLab and Entra ID on paper, behind `fetch`. What nobody expects is an error. */
export class World {
  readonly calls: TriggerCall[] = [];
  /** Addresses of everything that was asked for, in order. */
  readonly asked: string[] = [];
  /** How GitLab answers the next calls, one each; after that it starts a pipeline. */
  readonly script: Answer[] = [];
  /** How GitLab answers the next looks for pipelines, one each; after that it tells those that bear the name. */
  readonly searches: Answer[] = [];
  /** How Entra ID answers while it is set. */
  keys: (() => Response | Promise<Response>) | undefined;
  pipelines = 0;
  private readonly names: { readonly id: number; readonly name: string }[] = [];

  constructor(public tenant: Tenant | undefined) {}

  readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const url = String(input);
    this.asked.push(`${init.method ?? "GET"} ${url}`);
    if (url === `${AUTHORITY}/${TENANT}/discovery/v2.0/keys`)
      return this.keys ? this.keys() : Response.json(this.tenant?.keys);
    if (url === "https://gitlab.example.com/api/v4/version")
      return Response.json({ message: "401 Unauthorized" }, { status: 401 });
    const signal = init.signal ?? new AbortController().signal;
    if (url.startsWith(`${PIPELINES}?`)) {
      const answer = this.searches.shift() ?? (() => this.named(new URL(url), init));
      return answer({ url, body: { token: "", ref: "", inputs: {} } }, signal);
    }
    if (!url.endsWith("/trigger/pipeline")) throw new Error(`nobody expects ${url}`);
    const call: TriggerCall = { url, body: JSON.parse(String(init.body)) };
    this.calls.push(call);
    const answer = this.script.shift() ?? (() => this.started());
    return answer(call, signal);
  };

  /** Starts the pipeline that was asked for last. */
  started(): Response {
    this.pipelines += 1;
    const id = 1000 + this.pipelines;
    const { backend, key, version } = this.calls.at(-1)?.body.inputs ?? {};
    this.names.push({ id, name: `${backend} ${key} ${version}` });
    return Response.json({ id, status: "created" }, { status: 201 });
  }

  private named({ searchParams }: URL, { headers }: RequestInit): Response {
    if (new Headers(headers).get("private-token") !== READ_TOKEN)
      return Response.json({ message: "401 Unauthorized" }, { status: 401 });
    return Response.json(this.names.filter(({ name }) => name === searchParams.get("name")));
  }
}

/** A call that gets no answer until it is given up. */
export const hanging: Answer = (_, signal) =>
  new Promise((__, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

export const unreachable: Answer = () => {
  throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } });
};

export function says(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return () => new Response(text, { status, headers });
}
