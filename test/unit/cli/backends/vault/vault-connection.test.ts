import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../../../../../cli/backends/http/retries";
import { VaultConnection } from "../../../../../cli/backends/vault/vault-connection";

type Step = (request: IncomingMessage, response: ServerResponse) => void;

const SETTINGS = { token: "hvs.secret", namespace: "team", tls: {}, retries: 3, warnings: [] };
const answer =
  (status: number, body: unknown = {}, headers: Record<string, string> = {}): Step =>
  (_, response) =>
    response.writeHead(status, headers).end(JSON.stringify(body));
const hangUp: Step = (request) => request.socket.destroy();

describe("a connection to Vault", () => {
  let server: Server;
  let address: string;
  let steps: Step[];
  let heard: IncomingMessage[];
  let pauses: number[];
  const clock: Clock = {
    now: () => 0,
    random: () => 1,
    sleep: async (ms) => {
      pauses.push(ms);
    },
  };

  beforeEach(async () => {
    [steps, heard, pauses] = [[], [], []];
    server = createServer((request, response) => {
      heard.push(request);
      (steps.shift() ?? answer(200, { data: { done: true } }))(request, response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const bound = server.address();
    address = typeof bound === "object" && bound ? `http://127.0.0.1:${bound.port}` : "";
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function send(...script: Step[]) {
    steps = script;
    const connection = new VaultConnection(address, SETTINGS, clock);
    try {
      return await connection.send("POST", "transit/rewrap/sops", { batch_input: [] });
    } finally {
      connection.close();
    }
  }

  test("sends token and namespace in headers only", async () => {
    expect(await send()).toMatchObject({ status: 200, body: { data: { done: true } } });
    expect(heard[0]).toMatchObject({ method: "POST", url: "/v1/transit/rewrap/sops" });
    expect(heard[0]?.headers).toMatchObject({
      "x-vault-token": "hvs.secret",
      "x-vault-namespace": "team",
      "x-vault-request": "true",
    });
  });

  test("waits longer each time, and as long as it is asked to", async () => {
    await send(answer(503, { errors: ["standby"] }), hangUp, answer(429, {}, { "retry-after": "9" }));
    expect(pauses).toEqual([250, 500, 9000]);
    expect(heard).toHaveLength(4);
  });

  test("gives up after so many tries", async () => {
    const busy = answer(429, { errors: ["request path rate limit quota exceeded"] });
    await expect(send(busy, busy, busy, busy)).rejects.toThrow(
      `Vault at ${address} still answers 429: request path rate limit quota exceeded, tried 4 times; run this again later (VAULT_MAX_RETRIES sets how patient it is)`,
    );
    expect(heard).toHaveLength(4);
  });

  test("a lost connection is tried again, and told when it stays so", async () => {
    await expect(send(hangUp, hangUp, hangUp, hangUp)).rejects.toThrow(
      `Vault at ${address} cannot be reached (ECONNRESET, tried 4 times); does it run, and can this machine reach it?`,
    );
  });

  test("a standby without a leader is waited for", async () => {
    const standby = answer(500, { errors: ["local node not active but active cluster node not found"] });
    expect(await send(standby, standby)).toMatchObject({ status: 200 });
    expect(heard).toHaveLength(3);
  });

  test("a sealed Vault is told at once", async () => {
    await expect(send(answer(503, { errors: ["Vault is sealed"] }))).rejects.toThrow(
      `Vault at ${address} is sealed; unseal it (vault operator unseal) and run this again`,
    );
    expect(heard).toHaveLength(1);
  });

  test("the token does not follow a redirect", async () => {
    await expect(send(answer(307, {}, { location: "https://elsewhere:8200/v1/x" }))).rejects.toThrow(
      `Vault at ${address} sends its callers on to https://elsewhere:8200; a token is not sent after a redirect: put that address into the files, or let Vault forward requests`,
    );
    expect(heard).toHaveLength(1);
  });

  test.each([400, 403, 404, 500])("%i is an answer", async (status) => {
    expect(await send(answer(status, { errors: ["no"] }))).toMatchObject({
      status,
      body: { errors: ["no"] },
    });
    expect(pauses).toEqual([]);
  });

  test.each([
    "vault.example.com",
    "ftp://vault.example.com",
    "https://vault.example.com/prefix",
    "https://user:password@vault.example.com",
    "https://vault.example.com?x",
  ])("%s is no address", (wrong) => {
    expect(() => new VaultConnection(wrong, SETTINGS)).toThrow("is no address of a Vault");
  });
});
