import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  assign,
  FAST,
  GROUP,
  judges,
  keyClient,
  LOCATION,
  principalWithSecret,
  ROLE,
  vaultForAll,
  vaultParameters,
} from "./support/judges";
import { type TestAzure, testAzure } from "./support/test-azure";
import { type TestIssuer, testIssuer } from "./support/test-issuer";

const run = promisify(execFile);
const VAULT = "sops-loop-kv";
const SUBJECT = "system:serviceaccount:flux-system:kustomize-controller";
const PLAIN = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  password: correct-horse\n";

let azure: TestAzure;
let issuer: TestIssuer;
let folder: string;
let vault: string;
let pipeline: ReturnType<typeof principalWithSecret>;
let flux: { readonly clientId: string; readonly principalId: string };

beforeAll(async () => {
  issuer = await testIssuer();
  azure = await testAzure({ issuers: [issuer] });
  folder = mkdtempSync(join(tmpdir(), "sopsloop-sops-"));
  vault = await vaultForAll(azure, VAULT);
  await keyClient(azure, VAULT).createRsaKey("sops", { keyOps: ["encrypt", "decrypt"] });
  writeFileSync(
    join(folder, ".sops.yaml"),
    `creation_rules:\n  - encrypted_regex: ^(data|stringData)$\n    azure_keyvault: https://${VAULT}.vault.azure.net/keys/sops/\n`,
  );
  pipeline = principalWithSecret(azure, "pipeline");
  await assign(azure, pipeline.objectId, ROLE.cryptoUser, `${vault}/keys/sops`);
  const { identities } = judges(azure);
  const made = await identities.userAssignedIdentities.createOrUpdate(GROUP, "flux", { location: LOCATION });
  flux = { clientId: made.clientId ?? "", principalId: made.principalId ?? "" };
  await identities.federatedIdentityCredentials.createOrUpdate(GROUP, "flux", "flux", {
    issuer: issuer.issuer,
    subject: SUBJECT,
    audiences: ["api://AzureADTokenExchange"],
  });
  await assign(azure, flux.principalId, await decryptOnly(), `${vault}/keys/sops`);
});
afterAll(async () => {
  await azure.close();
  await issuer.close();
  rmSync(folder, { recursive: true, force: true });
});

async function decryptOnly(): Promise<string> {
  const scope = `/subscriptions/${azure.subscriptionId}`;
  const { name = "" } = await judges(azure).authorization.roleDefinitions.createOrUpdate(
    scope,
    crypto.randomUUID(),
    {
      roleName: "SOPS decryptor",
      assignableScopes: [scope],
      permissions: [{ dataActions: ["Microsoft.KeyVault/vaults/keys/decrypt/action"] }],
    },
  );
  return name;
}

/** sops as it is, told of the proxy and its CA by the variables that every Go program knows. */
function sops(args: readonly string[], environment: Readonly<Record<string, string>>, cwd = folder) {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    HTTPS_PROXY: azure.address,
    SSL_CERT_FILE: azure.ca,
    AZURE_TENANT_ID: azure.tenantId,
    SOPS_DISABLE_VERSION_CHECK: "true",
    ...environment,
  };
  return run("sops", args, { cwd, env });
}

const bySecret = () => ({ AZURE_CLIENT_ID: pipeline.clientId, AZURE_CLIENT_SECRET: pipeline.secret });

async function byToken(wishes: Partial<Parameters<TestIssuer["token"]>[0]> = {}) {
  const file = join(folder, "token");
  writeFileSync(file, await issuer.token({ sub: SUBJECT, ...wishes }), { mode: 0o600 });
  return {
    AZURE_CLIENT_ID: flux.clientId,
    AZURE_FEDERATED_TOKEN_FILE: file,
    AZURE_TOKEN_CREDENTIALS: "WorkloadIdentityCredential",
  };
}

const recipientOf = (name: string) => parse(readFileSync(join(folder, name), "utf8")).sops.azure_kv[0];

async function encrypted(name: string): Promise<void> {
  writeFileSync(join(folder, name), PLAIN);
  await sops(["encrypt", "-i", name], bySecret());
}

/** By a key that no rule names. */
async function encryptedFor(url: string) {
  const away = mkdtempSync(join(tmpdir(), "sopsloop-away-"));
  writeFileSync(join(away, "plain.yaml"), PLAIN);
  return sops(["encrypt", "--azure-kv", url, "-i", "plain.yaml"], bySecret(), away).finally(() =>
    rmSync(away, { recursive: true }),
  );
}

describe("sops, which nobody told that this is not Azure", () => {
  it("encrypts for the newest version of a key without version, and decrypts", async () => {
    await encrypted("db.yaml");
    const { version } = (await keyClient(azure, VAULT).getKey("sops")).properties;
    expect(recipientOf("db.yaml")).toMatchObject({
      vault_url: `https://${VAULT}.vault.azure.net`,
      name: "sops",
      version,
    });
    expect(readFileSync(join(folder, "db.yaml"), "utf8")).not.toContain("correct-horse");
    expect((await sops(["decrypt", "db.yaml"], bySecret())).stdout).toContain("password: correct-horse");
  });

  it("decrypts with a federated token, and a role that does nothing else", async () => {
    await encrypted("flux.yaml");
    expect((await sops(["decrypt", "flux.yaml"], await byToken())).stdout).toContain(
      "password: correct-horse",
    );
    writeFileSync(join(folder, "new.yaml"), PLAIN);
    await expect(sops(["encrypt", "-i", "new.yaml"], await byToken())).rejects.toThrow("ForbiddenByRbac");
    expect(readFileSync(join(folder, "new.yaml"), "utf8")).toBe(PLAIN);
  });

  it("moves a file to the new version after a rotation, and finds nothing to do then", async () => {
    await encrypted("rotated.yaml");
    const before = recipientOf("rotated.yaml");
    const rotated = await keyClient(azure, VAULT).rotateKey("sops");
    await sops(["rotate", "-i", "rotated.yaml"], bySecret());
    expect(recipientOf("rotated.yaml").version).toBe(before.version);
    await sops(["updatekeys", "-y", "rotated.yaml"], bySecret());
    expect(recipientOf("rotated.yaml").version).toBe(rotated.properties.version);
    expect((await sops(["decrypt", "rotated.yaml"], bySecret())).stdout).toContain("password: correct-horse");
    const again = await sops(["updatekeys", "-y", "rotated.yaml"], bySecret());
    expect(`${again.stdout}${again.stderr}`).toContain("already up to date");
  });

  it("cannot open a file whose version was disabled, nor one of another vault without a role there", async () => {
    await encrypted("retired.yaml");
    const { version } = recipientOf("retired.yaml");
    const client = keyClient(azure, VAULT);
    await client.rotateKey("sops");
    await client.updateKeyProperties("sops", version, { enabled: false });
    await expect(sops(["decrypt", "retired.yaml"], bySecret())).rejects.toMatchObject({ code: 128 });
    await client.updateKeyProperties("sops", version, { enabled: true });
    const { keyvault } = judges(azure);
    await keyvault.vaults.createOrUpdate(GROUP, "elsewhere-kv", vaultParameters(azure), FAST);
    const url = "https://elsewhere-kv.vault.azure.net/keys/sops/";
    await expect(encryptedFor(url)).rejects.toThrow("ForbiddenByRbac");
  });

  it.each([
    {
      what: "of another subject",
      wishes: { sub: "system:serviceaccount:default:default" },
      code: "AADSTS700213",
    },
    { what: "for another audience", wishes: { aud: "https://vault.example.com" }, code: "AADSTS700212" },
    { what: "that has ended", wishes: { lifetime: -60 }, code: "AADSTS700024" },
    { what: "that somebody else signed", wishes: { forged: true }, code: "AADSTS700027" },
  ])("gets nothing for a federated token $what", async ({ wishes, code }) => {
    await encrypted("refused.yaml");
    const refused = sops(["decrypt", "refused.yaml"], await byToken(wishes));
    await expect(refused).rejects.toThrow(code);
    await expect(refused).rejects.toMatchObject({ code: 128 });
  });
});
