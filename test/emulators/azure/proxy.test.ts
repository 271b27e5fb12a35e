import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestAzure, testAzure } from "./support/test-azure";

const run = promisify(execFile);

let azure: TestAzure;

beforeAll(async () => {
  azure = await testAzure();
});
afterAll(() => azure.close());

/** What the proxy says to `CONNECT`, and the socket when it agrees. */
function connectTo(target: string) {
  return new Promise<{ status: number; socket: Socket }>((resolve, reject) => {
    const sent = request(azure.address, { method: "CONNECT", path: target });
    sent.on("error", reject);
    sent.on("connect", ({ statusCode = 0 }, socket) => resolve({ status: statusCode, socket }));
    sent.end();
  });
}

describe("the proxy", () => {
  it.each([
    "example.com:443",
    "vault.azure.net:443",
    "a.b.vault.azure.net:443",
    "login.microsoftonline.com:80",
    "login.microsoftonline.com.example.com:443",
    "packages.example.com:443",
    "127.0.0.1:443",
    "[::1]:443",
  ])("leads nowhere for %s", async (target) => {
    const { status, socket } = await connectTo(target);
    socket.destroy();
    expect(status).toBe(403);
  });

  it.each(["nobody.vault.azure.net:443", "nobody.blob.core.windows.net:443", "nobody.azurewebsites.net:443"])(
    "finds no %s, as no name server would",
    async (target) => {
      const { status, socket } = await connectTo(target);
      socket.destroy();
      expect(status).toBe(502);
    },
  );

  it("takes no plain HTTP", async () => {
    const status = await new Promise((resolve) =>
      request(azure.address, { path: "http://example.com/" }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).end(),
    );
    expect(status).toBe(403);
  });

  it("answers for no other host than the one that the connection is for", async () => {
    const { socket } = await connectTo("login.microsoftonline.com:443");
    const secure = connect({ socket, servername: "login.microsoftonline.com", ca: readFileSync(azure.ca) });
    secure.write("GET /subscriptions HTTP/1.1\r\nHost: management.azure.com\r\nConnection: close\r\n\r\n");
    let text = "";
    for await (const part of secure) text += part;
    expect(text).toMatch(/^HTTP\/1.1 421 /);
  });

  it("serves clients of which nothing was changed but their environment", async () => {
    const script = `
      import { ClientSecretCredential } from "@azure/identity";
      import { ResourceManagementClient } from "@azure/arm-resources";
      const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, SUBSCRIPTION } = process.env;
      const credential = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET);
      const { resourceGroups } = new ResourceManagementClient(credential, SUBSCRIPTION);
      console.log((await resourceGroups.createOrUpdate("unchanged", { location: "westeurope" })).id);
    `;
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], {
      env: {
        PATH: process.env.PATH,
        HTTPS_PROXY: azure.address,
        NODE_EXTRA_CA_CERTS: azure.ca,
        AZURE_TENANT_ID: azure.tenantId,
        AZURE_CLIENT_ID: azure.deployer.clientId,
        AZURE_CLIENT_SECRET: azure.deployer.secret,
        SUBSCRIPTION: azure.subscriptionId,
      },
    });
    expect(stdout.trim()).toBe(`/subscriptions/${azure.subscriptionId}/resourceGroups/unchanged`);
  });
});

describe("the emulator's own interface", () => {
  it("is for those who hold its token", async () => {
    for (const authorization of ["", "Bearer wrong"]) {
      const answer = await fetch(`${azure.address}/admin/clock`, { headers: { authorization } });
      expect(answer.status).toBe(401);
    }
  });

  it.each([
    { path: "/clock/advance", body: { seconds: -1 } },
    { path: "/clock/advance", body: { minutes: 1 } },
    { path: "/applications", body: { displayName: "" } },
  ])("refuses $body at $path, and says why", async ({ path, body }) => {
    const answer = await azure.admin("POST", path, body);
    expect(answer.status).toBe(400);
    expect(String(answer.body.error)).toMatch(/: /);
  });
});
