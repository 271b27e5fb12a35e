import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createProxy, type Server } from "node:http";
import { createServer as createVault } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { proxyFor } from "../../../../../cli/backends/http/proxy";
import { VaultConnection } from "../../../../../cli/backends/vault/vault-connection";
import { CertificateAuthority } from "../../../../../sandbox/servers/certificate-authority";

const VARIABLES = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"];
const VAULT = "https://vault.example.com:8200";

beforeEach(() => {
  for (const name of VARIABLES) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("which proxy", () => {
  test.each([
    ["none where none is named", {}, VAULT, undefined],
    ["the one for https", { HTTPS_PROXY: "http://proxy:3128" }, VAULT, "http://proxy:3128"],
    ["in lower case too", { https_proxy: "https://proxy" }, VAULT, "https://proxy"],
    ["the one for everything", { ALL_PROXY: "http://proxy:3128" }, VAULT, "http://proxy:3128"],
    ["plain HTTP where it has no scheme", { HTTPS_PROXY: "proxy:3128" }, VAULT, "http://proxy:3128"],
    [
      "none for a host that goes without",
      { HTTPS_PROXY: "http://p", NO_PROXY: ".example.com" },
      VAULT,
      undefined,
    ],
    [
      "none for another port",
      { HTTPS_PROXY: "http://p", NO_PROXY: "vault.example.com:443" },
      VAULT,
      "http://p",
    ],
    ["none for this machine", { HTTPS_PROXY: "http://p" }, "https://127.0.0.1:8200", undefined],
    ["none for this machine by name", { HTTPS_PROXY: "http://p" }, "https://localhost:8200", undefined],
    ["none for this machine by IPv6", { HTTPS_PROXY: "http://p" }, "https://[::1]:8200", undefined],
    [
      "none for plain HTTP: it would read the token",
      { ALL_PROXY: "http://p" },
      "http://vault:8200",
      undefined,
    ],
  ])("%s", (_what, env: Record<string, string>, address, expected) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(proxyFor(new URL(address))).toBe(expected);
  });
});

describe("through a proxy", () => {
  let folder: string;
  let ca: string;
  let vault: Server;
  let proxy: Server;
  /** What the proxy is asked and told. */
  let asked: { url: string | undefined; authorization: string | undefined }[];
  let passed: Buffer[];
  let refuses: boolean;

  const portOf = (server: Server) => (server.address() as AddressInfo).port;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sopsloop-proxy-"));
    const authority = await CertificateAuthority.open(folder, "proxied");
    const files = await authority.issue("vault", { commonName: "vault", hosts: ["vault.example.com"] });
    ca = readFileSync(join(folder, "ca.pem"), "utf8");
    const pair = { cert: readFileSync(files.certificate), key: readFileSync(files.key) };
    vault = createVault(pair, (request, response) =>
      response.end(JSON.stringify({ token: request.headers["x-vault-token"] })),
    ) as Server;
    proxy = createProxy().on("connect", (request, client, head) => {
      asked.push({ url: request.url, authorization: request.headers["proxy-authorization"] });
      if (refuses) {
        client.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
        return;
      }
      const server = connect(portOf(vault), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        server.write(head);
        client.on("data", (part: Buffer) => passed.push(part));
        client.pipe(server).pipe(client);
      });
    });
    for (const server of [vault, proxy]) await once(server.listen(0, "127.0.0.1"), "listening");
  });
  beforeEach(() => {
    [asked, passed, refuses] = [[], [], false];
    vi.stubEnv("HTTPS_PROXY", `http://ada:pass@127.0.0.1:${portOf(proxy)}`);
  });
  afterAll(async () => {
    for (const server of [vault, proxy]) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  async function send(times = 1) {
    const settings = { token: "hvs.secret", tls: { ca }, retries: 0, warnings: [] };
    const connection = new VaultConnection(VAULT, settings);
    try {
      return await Promise.all(Array.from({ length: times }, () => connection.send("GET", "sys/health")));
    } finally {
      connection.close();
    }
  }

  test("Vault is reached under its own name, and the proxy never sees the token", async () => {
    const answers = await send(3);
    expect(answers).toEqual(Array(3).fill({ status: 200, body: { token: "hvs.secret" } }));
    expect(asked.length).toBeGreaterThan(0);
    expect(asked[0]).toEqual({
      url: "vault.example.com:8200",
      authorization: `Basic ${Buffer.from("ada:pass").toString("base64")}`,
    });
    expect(Buffer.concat(passed).length).toBeGreaterThan(0);
    expect(Buffer.concat(passed).includes("hvs.secret")).toBe(false);
  });

  test("a proxy that refuses is told, without its password", async () => {
    refuses = true;
    await expect(send()).rejects.toThrow(
      `Vault at ${VAULT} cannot be reached: the proxy 127.0.0.1:${portOf(proxy)} answers 407; put its name and password into HTTPS_PROXY, or the host into NO_PROXY`,
    );
  });

  test("a proxy that is not there is told", async () => {
    vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:1");
    await expect(send()).rejects.toThrow(
      `Vault at ${VAULT} cannot be reached through the proxy 127.0.0.1:1 (ECONNREFUSED); does it run`,
    );
  });
});
