import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { azureSettings, IDENTITIES } from "../../../../../cli/backends/azure/azure-settings";

const TOKEN = "aaaa.bbbb.cccc";

describe("settings from the environment", () => {
  test("are those of nobody where nothing is set", () => {
    expect(azureSettings({})).toEqual({
      authority: "https://login.microsoftonline.com",
      otherTenants: [],
      identities: IDENTITIES,
    });
  });

  test("are sops's own, and a job's ID token", () => {
    expect(
      azureSettings({
        AZURE_AUTHORITY_HOST: "https://login.chinacloudapi.cn/",
        AZURE_TENANT_ID: "t",
        AZURE_CLIENT_ID: "c",
        AZURE_CLIENT_SECRET: "s",
        AZURE_CLIENT_CERTIFICATE_PATH: "/pem",
        AZURE_CLIENT_CERTIFICATE_PASSWORD: "p",
        AZURE_CLIENT_SEND_CERTIFICATE_CHAIN: "TRUE",
        AZURE_USERNAME: "u",
        AZURE_PASSWORD: "w",
        AZURE_ADDITIONALLY_ALLOWED_TENANTS: "a;b;",
        AZURE_ID_TOKEN: ` ${TOKEN}\n`,
        AZURE_FEDERATED_TOKEN_FILE: "/file",
      }),
    ).toEqual({
      authority: "https://login.chinacloudapi.cn",
      tenant: "t",
      client: "c",
      secret: "s",
      certificate: { path: "/pem", password: "p", sendChain: true },
      user: { name: "u", password: "w" },
      otherTenants: ["a", "b"],
      idToken: { text: TOKEN },
      identities: IDENTITIES,
    });
    expect(azureSettings({ AZURE_FEDERATED_TOKEN_FILE: "/file" }).idToken).toEqual({ file: "/file" });
  });

  test.each([
    ["prod", ["EnvironmentCredential", "WorkloadIdentityCredential", "ManagedIdentityCredential"]],
    ["dev", ["AzureCLICredential", "AzureDeveloperCLICredential", "AzurePowerShellCredential"]],
    ["azureclicredential", ["AzureCLICredential"]],
    ["ManagedIdentityCredential", ["ManagedIdentityCredential"]],
  ])("AZURE_TOKEN_CREDENTIALS=%s leaves %j", (chosen, identities) => {
    expect(azureSettings({ AZURE_TOKEN_CREDENTIALS: chosen }).identities).toEqual(identities);
  });

  test.each([
    [
      { AZURE_TOKEN_CREDENTIALS: "cli" },
      /^AZURE_TOKEN_CREDENTIALS is "cli"; it has to be dev, prod or one of /,
    ],
    [
      { AZURE_AUTHORITY_HOST: "http://login" },
      /^AZURE_AUTHORITY_HOST is "http:\/\/login"; it has to be an https/,
    ],
    [{ AZURE_AUTHORITY_HOST: "login" }, /^AZURE_AUTHORITY_HOST is "login"/],
    [{ AZURE_AUTHORITY_HOST: "https://user:word@login" }, /^AZURE_AUTHORITY_HOST/],
    [{ AZURE_ID_TOKEN: "not a token" }, /^AZURE_ID_TOKEN holds no ID token; declare it under `id_tokens`/],
    [{ SSL_CERT_FILE: "/no/such/file" }, /^SSL_CERT_FILE: \/no\/such\/file cannot be read \(ENOENT\)/],
    [{ SSL_CERT_DIR: "/no/such/folder" }, /^SSL_CERT_DIR: \/no\/such\/folder cannot be read \(ENOENT\)/],
  ])("%j is wrong usage", (env, line) => {
    expect(() => azureSettings(env)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(line), exitCode: 2 }),
    );
  });
});

describe("CAs, as Go finds them", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sopsloop-cas-"));
    writeFileSync(join(folder, "one.pem"), "ONE");
    writeFileSync(join(folder, "two.pem"), "TWO");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("a file stands beside the system's folders, and a folder beside the system's file", () => {
    const file = join(folder, "one.pem");
    expect(azureSettings({ SSL_CERT_FILE: file }).authorities).toEqual(["ONE", ...rootCertificates]);
    expect(azureSettings({ SSL_CERT_DIR: `${folder}:` }).authorities).toEqual([
      "ONE",
      "TWO",
      ...rootCertificates,
    ]);
  });

  test("both together stand alone", () => {
    expect(
      azureSettings({ SSL_CERT_FILE: join(folder, "two.pem"), SSL_CERT_DIR: folder }).authorities,
    ).toEqual(["TWO", "ONE", "TWO"]);
  });
});
