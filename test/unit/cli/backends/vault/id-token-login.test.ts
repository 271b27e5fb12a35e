import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sopsEnvironment } from "../../../../../cli/backends/vault/sops-environment";
import { VaultConnection } from "../../../../../cli/backends/vault/vault-connection";
import { vaultSettings } from "../../../../../cli/backends/vault/vault-settings";

describe("a job's login and Vault's namespaces", () => {
  let server: Server;
  let address: string;
  let heard: [path: string | undefined, namespace: unknown][];

  beforeEach(async () => {
    heard = [];
    server = createServer((request, response) => {
      heard.push([request.url, request.headers["x-vault-namespace"]]);
      response.end(JSON.stringify({ auth: { client_token: "hvb.made" }, data: {} }));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const bound = server.address();
    address = typeof bound === "object" && bound ? `http://127.0.0.1:${bound.port}` : "";
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const job = (more: Readonly<Record<string, string>>) => ({
    ...{ VAULT_ADDR: address, VAULT_ID_TOKEN: "a.b.c", VAULT_AUTH_ROLE: "sops-rewrap" },
    ...{ VAULT_AUTH_PATH: "gitlab", ...more },
  });

  async function ask(env: Readonly<Record<string, string>>) {
    const connection = new VaultConnection(address, vaultSettings(env));
    await connection.send("GET", "team/transit/keys/sops");
    connection.close();
    return heard;
  }

  const LOGIN = "/v1/auth/gitlab/login";
  const KEY = "/v1/team/transit/keys/sops";
  test.each([
    ["none", {}, undefined, undefined],
    ["the login's alone", { VAULT_AUTH_NAMESPACE: "team" }, "team", undefined],
    ["with slashes at its ends", { VAULT_AUTH_NAMESPACE: "/team/a/" }, "team/a", undefined],
    ["empty, as without the input", { VAULT_AUTH_NAMESPACE: "", VAULT_NAMESPACE: "team" }, "team", "team"],
    ["beside everybody's", { VAULT_AUTH_NAMESPACE: "team", VAULT_NAMESPACE: "x" }, "team", undefined],
    ["everybody's", { VAULT_NAMESPACE: "team" }, "team", "team"],
  ])("%s", async (_, env, atLogin, after) => {
    expect(await ask(job(env))).toEqual([
      [LOGIN, atLogin],
      [KEY, after],
    ]);
  });

  test("sops gets the namespace that its files leave out, and no other", async () => {
    const own = await sopsEnvironment(job({ VAULT_AUTH_NAMESPACE: "team", VAULT_NAMESPACE: "team" }));
    expect(own).toMatchObject({ VAULT_TOKEN: "hvb.made" });
    expect(own).not.toHaveProperty("VAULT_NAMESPACE");
    expect(await sopsEnvironment(job({ VAULT_NAMESPACE: "team" }))).toMatchObject({
      VAULT_NAMESPACE: "team",
    });
    expect(heard).toEqual([
      [LOGIN, "team"],
      [LOGIN, "team"],
    ]);
  });

  test("a token that is set has no login, and so no namespace of a login's", async () => {
    const env = { ...job({ VAULT_AUTH_NAMESPACE: "x", VAULT_NAMESPACE: "team" }), VAULT_TOKEN: "hvs.own" };
    expect(await ask(env)).toEqual([[KEY, "team"]]);
  });

  test.each(["../sys", "a//b", "team a", "team\r\nX-Other: b"])("%j is no namespace", (wrong) => {
    expect(() => vaultSettings(job({ VAULT_AUTH_NAMESPACE: wrong }))).toThrow(
      "VAULT_AUTH_NAMESPACE is no namespace of Vault's; set it to the one that the auth method is in, such as team/a, or leave it empty",
    );
  });
});
