import type { HttpAnswer } from "../../engine/http-transport";
import type { PlainMap } from "../../engine/resource-type";
import { AzureError } from "../http/azure-error";
import type { AzureHttp } from "../http/azure-http";
import { mapIn } from "../http/json";
import type { Cloud } from "../login/clouds";
import type { EntraLogin } from "../login/entra-login";
import { LongRunning } from "./long-running";

export type Query = Readonly<Record<string, string>>;

interface Ask {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly url: URL;
  /** As in "Azure refused to …". */
  readonly doing: string;
  readonly body?: PlainMap;
}

/** Azure Resource Manager. Writes are waited for until Azure is done; a refusal is an `AzureError`. */
export class ArmClient {
  private readonly longRunning: LongRunning;

  constructor(
    private readonly http: AzureHttp,
    private readonly login: EntraLogin,
    private readonly cloud: Pick<Cloud, "resourceManager" | "audience">,
    longestMs?: number,
  ) {
    this.longRunning = new LongRunning(
      {
        get: (url, doing) => this.send({ method: "GET", url, doing }),
        wait: (milliseconds) => this.http.wait(milliseconds),
        isAzure: (url) => this.isAzure(url),
      },
      longestMs,
    );
  }

  /** `undefined` when there is no such thing. */
  async get(id: string, apiVersion: string, doing: string): Promise<PlainMap | undefined> {
    const answer = await this.send({ method: "GET", url: this.urlOf(id, apiVersion), doing });
    // Some services answer 204, or nothing, where there is no such thing.
    if (answer.status === 404 || answer.status === 204) return undefined;
    const body = mapIn(fulfilled(answer, doing));
    return Object.keys(body).length === 0 ? undefined : body;
  }

  /** An action that only tells something, as `listKeys` does. */
  async post(id: string, apiVersion: string, doing: string, body: PlainMap = {}): Promise<PlainMap> {
    const answer = await this.send({ method: "POST", url: this.urlOf(id, apiVersion), doing, body });
    return mapIn(fulfilled(answer, doing));
  }

  /** Makes or changes a resource. Gives back what Azure answered at first; throws an UnfinishedError when it did not end well. */
  async put(id: string, apiVersion: string, body: PlainMap, doing: string): Promise<PlainMap> {
    const url = this.urlOf(id, apiVersion);
    const answer = fulfilled(await this.send({ method: "PUT", url, doing, body }), doing);
    await this.longRunning.end(answer, { method: "PUT", url, doing });
    return mapIn(answer);
  }

  /** Succeeds when it is gone already. */
  async delete(id: string, apiVersion: string, doing: string, query: Query = {}): Promise<void> {
    const url = this.urlOf(id, apiVersion, query);
    const answer = await this.send({ method: "DELETE", url, doing });
    if (answer.status === 404) return;
    await this.longRunning.end(fulfilled(answer, doing), { method: "DELETE", url, doing });
  }

  /** This program's own token. @param resource what it is for; ARM by default. */
  token(resource = this.cloud.audience): Promise<string> {
    return this.login.token(resource);
  }

  /** Claims of this program's token for ARM, without a look at its signature. */
  async claims(): Promise<PlainMap> {
    const [, payload = ""] = (await this.token()).split(".");
    return mapIn({ text: Buffer.from(payload, "base64url").toString("utf8") });
  }

  private async send({ method, url, doing, body }: Ask): Promise<HttpAnswer> {
    const token = await this.token();
    return this.http.send({
      method,
      url,
      doing,
      headers: {
        Authorization: `Bearer ${token}`,
        Accept: "application/json",
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  private urlOf(id: string, apiVersion: string, query: Query = {}): URL {
    const url = new URL(id.replace(/^\/*/, "/"), this.cloud.resourceManager);
    url.searchParams.set("api-version", apiVersion);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  /** ARM itself, or one of its regions. */
  private isAzure({ origin, protocol, hostname }: URL): boolean {
    const own = new URL(this.cloud.resourceManager);
    return origin === own.origin || (protocol === "https:" && hostname.endsWith(`.${own.hostname}`));
  }
}

function fulfilled(answer: HttpAnswer, doing: string): HttpAnswer {
  if (answer.status < 300) return answer;
  throw new AzureError(answer.status, mapIn(answer), doing);
}
