import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { get } from "../../../components/http/get";

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test("an answer of any status, with its text", async () => {
  const url = await serve((request, response) => {
    response.writeHead(503).end(`${request.method} ${request.url} ${request.headers.authorization}`);
  });
  const headers = { Authorization: "Bearer x" };
  expect(await get(`${url}/readyz?a=1`, { headers, timeoutMs: 5_000 })).toEqual({
    status: 503,
    text: "GET /readyz?a=1 Bearer x",
  });
});

test("a server that does not answer is given up", async () => {
  const url = await serve(() => {});
  await expect(get(url, { timeoutMs: 50 })).rejects.toThrow(/aborted/);
});

test("one that answers without end is given up", async () => {
  const url = await serve((_request, response) => {
    const chunk = Buffer.alloc(64 * 1024);
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", more);
    more();
  });
  await expect(get(url, { timeoutMs: 5_000 })).rejects.toThrow("the answer is too long");
});

test("one that hangs up rejects with the system's reason", async () => {
  const url = await serve((request) => request.socket.destroy());
  await expect(get(url, { timeoutMs: 5_000 })).rejects.toThrow(/hang up|ECONNRESET/);
});

test("https goes through the environment's proxy, by the server's name", async () => {
  const tunnels: string[] = [];
  const proxy = createServer();
  servers.push(proxy);
  proxy.on("connect", (request, socket) => {
    tunnels.push(request.url ?? "");
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  vi.stubEnv("NO_PROXY", "");
  await get("https://func-sops.azurewebsites.net/readyz", { timeoutMs: 5_000 }).catch(() => undefined);
  expect(tunnels).toEqual(["func-sops.azurewebsites.net:443"]);
});
