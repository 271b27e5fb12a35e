import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlainMap } from "../../../sandbox/providers/engine/resource-type";
import { connectionOf } from "../../../sandbox/providers/gitlab/connection";
import { gitlabProvider } from "../../../sandbox/providers/gitlab/provider";
import { CertificateAuthority } from "../../../sandbox/servers/certificate-authority";
import { PluginClient } from "../plugin-client";

describe("provider config that is refused", () => {
  const base = { baseUrl: "https://gitlab.example.com/api/v4/", token: "t" };
  it.each<[string, PlainMap, string]>([
    [
      "no token",
      { ...base, token: "" },
      "gitlab provider: no token; set GITLAB_TOKEN, or token in the provider's config as a secret",
    ],
    ["no URL", { ...base, baseUrl: "gitlab" }, "gitlab provider: baseUrl is not a URL: gitlab"],
    [
      "another protocol",
      { ...base, baseUrl: "ftp://g/api/v4/" },
      "gitlab provider: baseUrl must begin with https:// or http://: ftp://g/api/v4/",
    ],
    [
      "an address that is not the API's",
      { ...base, baseUrl: "https://gitlab.example.com" },
      "gitlab provider: baseUrl must end with /api/v4/: https://gitlab.example.com",
    ],
    [
      "a CA that is not there",
      { ...base, cacertFile: "/nowhere/ca.pem" },
      "gitlab provider: cannot read cacertFile /nowhere/ca.pem: ENOENT",
    ],
    [
      "no verification",
      { ...base, insecure: true },
      "gitlab provider: insecure is not supported; name the CA with cacertFile instead",
    ],
    [
      "half a client certificate",
      { ...base, clientCert: "/nowhere/client.pem" },
      "gitlab provider: clientCert and clientKey go together; set both or none",
    ],
  ])("%s", (_what, config, reason) => {
    expect(() => connectionOf(config, {})).toThrow(reason);
  });

  it("ways to log in that the stand-in does not have, by name", async () => {
    const plugin = await PluginClient.inProcess(gitlabProvider);
    const config = { ...base, configFile: "f", context: "c", enableAutoCiSupport: "true" };
    expect(await plugin.checkConfig(config)).toEqual(
      ["configFile", "context", "enableAutoCiSupport"].map(
        (name) => `the gitlab stand-in provider has no property "${name}"`,
      ),
    );
    await plugin.checkConfig(base);
    expect([...plugin.secretOutputs]).toEqual(["token"]);
    await plugin.close();
  });

  it("what the config leaves open comes from the environment", () => {
    const environment = {
      GITLAB_TOKEN: "from-there",
      GITLAB_BASE_URL: "https://other.example.com/api/v4/",
      GITLAB_EARLY_AUTH_CHECK: "false",
    };
    const { token, baseUrl, earlyAuthCheck, retries } = connectionOf({}, environment);
    expect([token, baseUrl.href, earlyAuthCheck, retries]).toEqual([
      "from-there",
      environment.GITLAB_BASE_URL,
      false,
      5,
    ]);
    expect(connectionOf({ token: "mine" }, environment).token).toBe("mine");
    expect(connectionOf({ token: "mine" }, {}).baseUrl.href).toBe("https://gitlab.com/api/v4/");
    expect(connectionOf({ token: "mine" }, {}).earlyAuthCheck).toBe(true);
  });
});

describe("a GitLab behind TLS", () => {
  let folder: string;
  let server: Server;
  let baseUrl: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "gitlab-tls-"));
    const authority = await CertificateAuthority.open(folder, "sandbox");
    const { certificate, key } = await authority.issue("server", { commonName: "g", hosts: ["127.0.0.1"] });
    const stranger = await CertificateAuthority.open(join(folder, "stranger"), "stranger");
    const client = await stranger.issue("client", { commonName: "c" });
    writeFileSync(join(folder, "client.pem"), readFileSync(client.certificate));
    writeFileSync(join(folder, "client-key.pem"), readFileSync(client.key));
    const options = {
      cert: readFileSync(certificate),
      key: readFileSync(key),
      requestCert: true,
      rejectUnauthorized: false,
    };
    server = createServer(options, (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      response.writeHead(subject?.CN === "c" ? 200 : 401).end('{"id":1}');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4/`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  async function configure(config: PlainMap): Promise<void> {
    const plugin = await PluginClient.inProcess(gitlabProvider);
    try {
      await plugin.configure({ baseUrl, token: "t", ...config });
    } finally {
      await plugin.close();
    }
  }

  it("is not believed without the CA that signed it", async () => {
    await expect(configure({})).rejects.toThrow(/certificate|self-signed|unable to verify/);
  });

  it("is believed with it, and shown the client's certificate", async () => {
    const cacertFile = join(folder, "ca.pem");
    await expect(configure({ cacertFile })).rejects.toThrow("(401)");
    const clientCert = join(folder, "client.pem");
    await configure({ cacertFile, clientCert, clientKey: join(folder, "client-key.pem") });
  });
});
