import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClientSecretCredential } from "@azure/identity";
import { HttpsProxyAgent } from "https-proxy-agent";
import type { JsonObject } from "../../../../sandbox/emulators/azure/json";
import { type StartOptions, startAzure } from "../../../../sandbox/emulators/azure/start";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly body: JsonObject;
}

export interface AskInit {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An emulator in a folder of its own. `close` ends it and removes the folder. */
export async function testAzure(options: Partial<StartOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "sopsloop-azure-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const started = await startAzure({ folder, port: 0, ...options }).catch((error: unknown) => {
    remove();
    throw error;
  });
  const { azure, tenantId, subscriptionId, deployer } = started;
  const ca = readFileSync(azure.ca, "utf8");
  const agent = new HttpsProxyAgent(azure.address, { keepAlive: true });
  // What the constructor takes is for TLS to the proxy; these are for TLS through it.
  Object.assign(agent.options, { ca });
  const secret = readFileSync(deployer.secret, "utf8");
  const admin = readFileSync(started.adminToken, "utf8");

  /** What any HTTPS client would do that knows the proxy and its CA. */
  const ask = (method: string, url: string, { token, body, headers }: AskInit = {}): Promise<Answer> => {
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const all = {
      ...(text !== undefined && {
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(text)),
      }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    };
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers: all, agent }, (response) => {
        let answer = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          answer += part;
        });
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: answer,
            body: parsed(answer),
          }),
        );
      });
      sent.on("error", reject);
      sent.end(text);
    });
  };
  return {
    azure,
    core: azure.core,
    folder,
    tenantId,
    subscriptionId,
    deployer: { ...deployer, secret },
    address: azure.address,
    ca: azure.ca,
    /** For the constructors of Azure's clients. */
    options: { agent },
    /** The same, for those whose types leave out what they do take. */
    storageOptions: { agent } as object,
    ask,
    /** As the deployer; or as somebody else. */
    credential: (clientId = deployer.clientId, clientSecret = secret) =>
      new ClientSecretCredential(tenantId, clientId, clientSecret, { agent }),
    /** An access token of the deployer, or somebody else. */
    token: async (scope: string, clientId = deployer.clientId, clientSecret = secret) =>
      (await new ClientSecretCredential(tenantId, clientId, clientSecret, { agent }).getToken(scope)).token,
    /** The emulator's own interface. */
    admin: async (method: string, path: string, body?: unknown) => {
      const answer = await fetch(`${azure.address}/admin${path}`, {
        method,
        headers: { authorization: `Bearer ${admin}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: parsed(text) };
    },
    close: async () => {
      agent.destroy();
      await azure.stop();
      remove();
    },
  };
}

export type TestAzure = Awaited<ReturnType<typeof testAzure>>;

function parsed(text: string): JsonObject {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
