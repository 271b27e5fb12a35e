import { createHttpHeaders, type HttpClient } from "@azure/core-rest-pipeline";
import { isObject, type Json, type JsonObject } from "../json";
import { ArmRefusal, invalidContent } from "./arm-refusal";
import type { BodyModel } from "./resource-type";

/** How to make one of Azure's own clients, and to read and write one resource with it. */
export interface ModelClient<Client, Model> {
  readonly client: (options: ClientOptions) => Promise<Client>;
  readonly read: (client: Client) => Promise<Model>;
  readonly write: (client: Client, model: Model) => PromiseLike<unknown>;
  /** Paths that newer API versions have and the client does not: `properties.destination.properties.x`. */
  readonly also?: readonly string[];
}

export interface ClientOptions {
  readonly credential: { getToken(): Promise<{ token: string; expiresOnTimestamp: number }> };
  readonly options: { readonly httpClient: HttpClient; readonly retryOptions: { readonly maxRetries: 0 } };
}

/** Told by ARM, and let through when a client sends them back. */
const TOLD = ["id", "name", "type", "systemData", "etag"];

/** The client's request, caught before it would be sent. */
class Caught extends Error {
  constructor(readonly body: Json) {
    super("caught");
  }
}

/**
 * Checks bodies with one of Azure's own clients: it reads the body as if it were an answer, and writes what it read. What
 * does not come out again is unknown to Azure, or is not for clients to set. Constraints and types are the client's, too.
 */
export class OfficialModel<Client, Model> implements BodyModel {
  constructor(private readonly how: ModelClient<Client, Model>) {}

  async check(body: JsonObject, type: string): Promise<JsonObject> {
    const sent = Object.fromEntries(Object.entries(body).filter(([name]) => !TOLD.includes(name)));
    const written = await this.writtenAgain(sent, type);
    const missing = this.missingPath(sent, written, []);
    if (missing !== undefined)
      throw invalidContent(type, `Could not find member '${missing.at(-1)}', path '${missing.join(".")}'`);
    return merged(written, sent);
  }

  private async writtenAgain(body: JsonObject, type: string): Promise<JsonObject> {
    const client = await this.how.client(catching(body));
    try {
      await this.how.write(client, await this.how.read(client));
    } catch (error) {
      if (error instanceof Caught) return isObject(error.body) ? error.body : {};
      if (error instanceof ArmRefusal) throw error;
      throw invalidContent(type, error instanceof Error ? error.message : String(error));
    }
    throw new Error(`${type}: the client sent nothing`);
  }

  /** The first path of `sent` that `written` does not have. Null means the same as nothing to ARM. */
  private missingPath(
    sent: Json,
    written: Json | undefined,
    path: readonly string[],
  ): readonly string[] | undefined {
    if (sent === null || this.how.also?.includes(path.join("."))) return undefined;
    if (written === undefined) return path;
    const parts = Array.isArray(sent) ? sent.map((one, index) => [String(index), one] as const) : [];
    const fields = isObject(sent) ? Object.entries(sent) : parts;
    for (const [name, value] of fields) {
      const other = Array.isArray(written)
        ? written[Number(name)]
        : isObject(written)
          ? written[name]
          : undefined;
      const found = this.missingPath(value, other, [...path, name]);
      if (found) return found;
    }
    return undefined;
  }
}

/** Answers a reading with the body, and catches the writing. */
function catching(body: JsonObject): ClientOptions {
  const sendRequest: HttpClient["sendRequest"] = async (request) => {
    if (request.method !== "GET") throw new Caught(JSON.parse(String(request.body ?? "null")));
    const headers = createHttpHeaders({ "content-type": "application/json" });
    return { request, status: 200, headers, bodyAsText: JSON.stringify(body) };
  };
  const token = { token: "none", expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
  return {
    credential: { getToken: async () => token },
    options: { httpClient: { sendRequest }, retryOptions: { maxRetries: 0 } },
  };
}

/** What the client wrote, with its defaults, and what newer versions have besides. */
function merged(written: Json, sent: Json): JsonObject {
  const both = (one: Json | undefined, other: Json): Json => {
    if (isObject(one) && isObject(other))
      return Object.fromEntries([
        ...Object.entries(one),
        ...Object.entries(other).map(([name, value]) => [name, both(one[name], value)] as const),
      ]);
    return one === undefined || !Array.isArray(one) ? other : one;
  };
  const result = both(written, sent);
  return isObject(result) ? result : {};
}
