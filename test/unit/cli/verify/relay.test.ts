import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AzureLook } from "../../../../cli/verify/azure/azure-look";
import { type Context, Fault, Skip } from "../../../../cli/verify/probe";
import { relay } from "../../../../cli/verify/probes/azure/relay";

const READY = { gitlab: "ok", claims: "ok", authentication: "ok" };

describe("the row of the relay", () => {
  let server: Server;
  let url: string;
  let answers: Readonly<Record<string, readonly [status: number, body: object]>>;

  beforeEach(async () => {
    server = createServer((request, response) => {
      const [status, body] = answers[request.url ?? ""] ?? [404, {}];
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  function look(address: string | undefined): Promise<string> {
    const declared = { tenantId: "", keys: [], identities: [], roles: {} };
    const known = address === undefined ? {} : { relay: { url: address, subscriptionIds: [] } };
    return relay(new AzureLook({ ...declared, ...known }, {})).run({} as Context);
  }
  const refusal = (address?: string) => look(address ?? url).catch((error: unknown) => error);

  test("is ok where all is ready, also below a path", async () => {
    answers = { "/readyz": [200, READY], "/api/readyz": [200, READY] };
    expect(await look(url)).toBe(`${url}: gitlab, claims, authentication ok`);
    expect(await look(`${url}/api`)).toBe(`${url}/api: gitlab, claims, authentication ok`);
  });

  test("is ok where it runs, and its ingress lets no more be asked", async () => {
    answers = { "/healthz": [200, {}] };
    expect(await look(url)).toBe(`${url} answers; whether it is ready is not let through`);
  });

  test("fails with what is lacking", async () => {
    answers = { "/readyz": [503, { ...READY, gitlab: "not reachable" }] };
    const fault = await refusal();
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({
      message: `${url} answers 503, gitlab not reachable`,
      next: `curl --fail-with-body ${url}/readyz`,
    });
  });

  test("fails where another server answers, and where none does", async () => {
    answers = {};
    expect(await refusal()).toMatchObject({ message: `${url} answers 404` });
    server.closeAllConnections();
    server.close();
    expect(await refusal()).toMatchObject({ message: `${url} cannot be reached from here (ECONNREFUSED)` });
    expect(await refusal()).toBeInstanceOf(Fault);
  });

  test("is skipped where nobody is let in from here, and where there is none", async () => {
    answers = { "/readyz": [403, {}] };
    expect(await refusal()).toBeInstanceOf(Skip);
    expect(await look(undefined).catch((error: unknown) => error)).toBeInstanceOf(Skip);
  });
});
