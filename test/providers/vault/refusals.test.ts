import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlainMap } from "../../../sandbox/providers/engine/resource-type";
import { UNKNOWN } from "../../../sandbox/providers/engine/resource-type";
import { connectionOf } from "../../../sandbox/providers/vault/connection";
import { vaultProvider } from "../../../sandbox/providers/vault/provider";
import { VaultClient } from "../../../sandbox/providers/vault/vault-client";
import { HttpsJson } from "../../../sandbox/servers/https-json";
import { PluginClient } from "../plugin-client";
import { VaultProcess } from "./vault-process";

const RULES = 'path "x" { capabilities = ["read"] }';
const LOOKUP = 'path "auth/token/lookup-self" { capabilities = ["read"] }';
const POLICY = "vault:index/policy:Policy";
const ROLE = "vault:kubernetes/authBackendRole:AuthBackendRole";

let plugin: PluginClient;
beforeAll(async () => {
  plugin = await PluginClient.inProcess(vaultProvider);
});
afterAll(() => plugin.close());

describe("inputs that are refused before anything is asked of Vault", () => {
  const role = { roleName: "r", boundServiceAccountNames: ["a"] };
  it.each<[string, PlainMap, string]>([
    [
      "a slip of the pen",
      { ...role, tokenPolices: [] },
      'the Vault Kubernetes auth role has no property "tokenPolices"; did you mean "tokenPolicies"?',
    ],
    ["an unknown property", { ...role, zebra: 1 }, 'the Vault Kubernetes auth role has no property "zebra"'],
    ["a missing one", { roleName: "r" }, "the Vault Kubernetes auth role needs boundServiceAccountNames"],
    ["a text for a list", { ...role, tokenPolicies: "a" }, "tokenPolicies must be a list of strings"],
    ["a text for a number", { ...role, tokenTtl: "10m" }, "tokenTtl must be a whole number"],
    ["half a second", { ...role, tokenTtl: 0.5 }, "tokenTtl must be a whole number"],
    [
      "a number for a flag",
      { ...role, tokenNoDefaultPolicy: 1 },
      "tokenNoDefaultPolicy must be true or false",
    ],
  ])("%s", async (_what, inputs, reason) => {
    const { failures } = await plugin.checkOnly(ROLE, inputs);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain(reason);
  });

  it("takes a value that is not known yet for what it will be", async () => {
    const inputs: PlainMap = {
      roleName: UNKNOWN,
      boundServiceAccountNames: ["a", UNKNOWN],
      tokenTtl: UNKNOWN,
    };
    expect((await plugin.checkOnly(ROLE, inputs)).failures).toEqual([]);
  });
});

describe("provider config that is refused", () => {
  it.each<[string, PlainMap, string]>([
    ["no address", {}, "vault provider: no address; set it, or VAULT_ADDR"],
    ["no URL", { address: "vault" }, "vault provider: address is not a URL: vault"],
    [
      "another protocol",
      { address: "ftp://vault" },
      "vault provider: address must begin with https:// or http://: ftp://vault",
    ],
    [
      "a CA that is not there",
      { address: "https://v", caCertFile: "/nowhere/ca.pem" },
      "vault provider: cannot read caCertFile /nowhere/ca.pem: ENOENT",
    ],
    [
      "no verification",
      { address: "https://v", skipTlsVerify: true },
      "vault provider: skipTlsVerify is not supported; name the CA with caCertFile instead",
    ],
  ])("%s", (_what, config, reason) => {
    expect(() => connectionOf(config, {})).toThrow(reason);
  });

  it("a way to log in that the stand-in does not have", async () => {
    expect(await plugin.checkConfig({ address: "https://v", authLoginUserpass: "{}" })).toEqual([
      'the vault stand-in provider has no property "authLoginUserpass"',
    ]);
  });
});

describe("a Vault that does not do as it is told", () => {
  let vault: VaultProcess;
  beforeAll(async () => {
    vault = await VaultProcess.start();
  });
  afterAll(() => vault?.stop());

  async function configured(config: PlainMap): Promise<PluginClient> {
    const client = await PluginClient.inProcess(vaultProvider);
    await client.configure({ ...vault.config, maxRetries: 0, ...config });
    return client;
  }

  async function createPolicy(config: PlainMap): Promise<unknown> {
    const client = await configured(config);
    try {
      return await client.create(POLICY, { name: "p", policy: RULES });
    } finally {
      await client.close();
    }
  }

  /** A token that may do this, and nothing of what `default` allows. */
  async function tokenWith(policy: string): Promise<string> {
    await vault.api.write("sys/policies/acl/narrow", { policy });
    const role = { allowed_policies: ["narrow"], token_no_default_policy: true };
    await vault.api.write("auth/token/roles/narrow", role);
    const headers = { "x-vault-token": vault.token };
    const http = new HttpsJson({ address: vault.address, ca: readFileSync(vault.ca, "utf8") });
    try {
      const made = await http.send("POST", "/v1/auth/token/create/narrow", { headers });
      return (made.body as { auth: { client_token: string } }).auth.client_token;
    } finally {
      http.close();
    }
  }

  it("refuses a wrong token, which the message does not repeat", async () => {
    const failure = createPolicy({ token: "hvs.wrong-token" });
    await expect(failure).rejects.toThrow(
      "failed to lookup token: Vault refused to read auth/token/lookup-self (403): permission denied; invalid token; the token is not valid or has no policy for this path",
    );
    await expect(failure).rejects.not.toThrow("hvs.wrong-token");
  });

  it("is not believed without the CA that signed it", async () => {
    await expect(createPolicy({ token: vault.token, caCertFile: "" })).rejects.toThrow(
      /certificate|self-signed|unable to verify/,
    );
  });

  it("hands out a child token unless told otherwise", async () => {
    const client = await configured({ token: vault.token, skipChildToken: false });
    expect((await client.create(POLICY, { name: "by-child", policy: RULES })).id).toBe("by-child");
    await client.close();
    const childless = await tokenWith(LOOKUP);
    await expect(createPolicy({ token: childless, skipChildToken: false })).rejects.toThrow(
      "Vault refused to make a child token (set skipChildToken to go without) (403)",
    );
  });

  it("does not let a token work that may not look itself up, whatever else it may", async () => {
    const writes = 'path "sys/policies/acl/+" { capabilities = ["create", "read", "update"] }';
    await expect(createPolicy({ token: await tokenWith(writes) })).rejects.toThrow(
      "failed to lookup token: Vault refused to read auth/token/lookup-self (403): permission denied; the token is not valid or has no policy for this path",
    );
    expect(await createPolicy({ token: await tokenWith(`${writes}\n${LOOKUP}`) })).toMatchObject({ id: "p" });
  });

  it("says that it is sealed", async () => {
    await vault.api.write("sys/seal", {});
    await expect(createPolicy({ token: vault.token })).rejects.toThrow(
      `Vault at ${vault.address} is sealed: cannot read auth/token/lookup-self; unseal it, then run again`,
    );
  });

  it("is not there", async () => {
    await expect(createPolicy({ address: "https://127.0.0.1:1", token: "t" })).rejects.toThrow(
      /^9 FAILED_PRECONDITION: cannot reach Vault at https:\/\/127\.0\.0\.1:1 to read auth\/token\/lookup-self: .*ECONNREFUSED/,
    );
  });
});

describe("a server that is busy", () => {
  let server: Server;
  let address: string;
  const answers: { status: number; body: string }[] = [];
  const paths: string[] = [];
  const tokens: unknown[] = [];
  const lookups: unknown[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === "/v1/auth/token/lookup-self") {
        lookups.push(request.headers["x-vault-token"]);
        response.end('{"data":{}}');
        return;
      }
      paths.push(`${request.method} ${request.url} ${String(request.headers["x-vault-namespace"])}`);
      tokens.push(request.headers["x-vault-token"]);
      const answer = answers.shift();
      if (answer === undefined) request.socket.destroy();
      else response.writeHead(answer.status).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const client = (config: PlainMap = {}) =>
    new VaultClient(connectionOf({ address, skipChildToken: true, namespace: "team", ...config }, {}), {
      VAULT_TOKEN: "t",
    });

  it("is asked again a few times", async () => {
    answers.push(
      { status: 503, body: "<html>" },
      { status: 429, body: "" },
      { status: 200, body: '{"data":{"a":1}}' },
    );
    expect(await client().read("x/y z")).toEqual({ a: 1 });
    expect(paths.splice(0)).toEqual(Array(3).fill("GET /v1/x/y%20z team"));
  });

  it("is given up on", async () => {
    answers.push(
      ...Array(3).fill({ status: 500, body: '{"errors":["1 error occurred:\\n\\t* no disk\\n\\n"]}' }),
    );
    await expect(client().write("x", {})).rejects.toThrow(/^Vault refused to write x \(500\): no disk$/);
    expect(paths.splice(0)).toHaveLength(3);
  });

  it("is not asked again for a write that it may have done", async () => {
    await expect(client().write("x", {})).rejects.toThrow(
      /write x may or may not have happened \(ECONNRESET\)/,
    );
    expect(paths.splice(0)).toHaveLength(1);
  });

  it("is asked in the resource's namespace", async () => {
    answers.push({ status: 200, body: '{"data":{}}' });
    await client().in("child").read("x");
    expect(paths.splice(0)).toEqual(["GET /v1/x team/child"]);
  });

  it("is asked about the token once, whatever the namespace", async () => {
    lookups.length = 0;
    answers.push(...Array(3).fill({ status: 200, body: '{"data":{}}' }));
    const above = client();
    await Promise.all([above.read("x"), above.in("child").read("x"), above.in("child").read("y")]);
    expect(paths.splice(0)).toHaveLength(3);
    expect(lookups).toEqual(["t"]);
  });

  it("is asked with the child token that it gave", async () => {
    answers.push(
      { status: 200, body: '{"auth":{"client_token":"child"}}' },
      { status: 200, body: '{"data":{}}' },
    );
    await client({ skipChildToken: false }).read("x");
    expect(paths.splice(0)).toEqual(["PUT /v1/auth/token/create team", "GET /v1/x team"]);
    expect(tokens.slice(-2)).toEqual(["t", "child"]);
  });

  it("is not asked without a token", async () => {
    const home = process.env.HOME;
    process.env.HOME = join(tmpdir(), "no-such-home");
    const tokenless = new VaultClient(connectionOf({ address, skipChildToken: true }, {}), {});
    await expect(tokenless.read("x")).rejects.toThrow(
      "no Vault token: set VAULT_TOKEN, or run `vault login` first",
    );
    process.env.HOME = home;
    expect(paths).toEqual([]);
  });
});
