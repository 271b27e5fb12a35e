import { createPublicKey, publicEncrypt } from "node:crypto";
import type { KeyVaultKey } from "@azure/keyvault-keys";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assign, GROUP, judges, keyClient, principalWithSecret, ROLE, vaultForAll } from "./support/judges";
import { type TestAzure, testAzure } from "./support/test-azure";

const VAULT = "rbac-kv";
const ALGORITHM = "RSA-OAEP-256";

let azure: TestAzure;
let vault: string;
let custom: string;
const keys = new Map<string, KeyVaultKey>();

type Who = ReturnType<typeof principalWithSecret>;

beforeAll(async () => {
  azure = await testAzure();
  vault = await vaultForAll(azure, VAULT);
  for (const name of ["sops", "other"]) keys.set(name, await keyClient(azure, VAULT).createRsaKey(name));
  const { roleDefinitions } = judges(azure).authorization;
  const scope = `/subscriptions/${azure.subscriptionId}`;
  const made = await roleDefinitions.createOrUpdate(scope, crypto.randomUUID(), {
    roleName: "SOPS decrypt only",
    description: "What Flux needs",
    assignableScopes: [scope],
    permissions: [{ dataActions: ["Microsoft.KeyVault/vaults/keys/decrypt/action"] }],
  });
  custom = made.name ?? "";
});
afterAll(() => azure.close());

const key = (name: string) => `${vault}/keys/${name}`;

/** The server's own operations, which a client would do by itself with the public key. */
async function tries(who: Who, name: string, operation: "encrypt" | "decrypt" | "wrapkey") {
  const token = await azure.token("https://vault.azure.net/.default", who.clientId, who.secret);
  const known = keys.get(name);
  const url = `https://${VAULT}.vault.azure.net/keys/${name}/${known?.properties.version}/${operation}?api-version=2025-07-01`;
  const value = operation === "decrypt" ? closedFor(known) : Buffer.from("secret");
  return azure.ask("POST", url, { token, body: { alg: ALGORITHM, value: value.toString("base64url") } });
}

/** A client with the public key can encrypt by itself. */
function closedFor(key: KeyVaultKey | undefined): Buffer {
  const jwk = {
    kty: "RSA",
    n: Buffer.from(key?.key?.n ?? []).toString("base64url"),
    e: Buffer.from(key?.key?.e ?? []).toString("base64url"),
  };
  const publicKey = createPublicKey({ key: jwk, format: "jwk" });
  return publicEncrypt({ key: publicKey, oaepHash: "sha256" }, Buffer.from("secret"));
}

describe("role assignments, as @azure/arm-authorization makes them, decide in the data plane", () => {
  it("what a role lets do, at the key that it is for and at no other", async () => {
    const who = principalWithSecret(azure, "pipeline");
    await assign(azure, who.objectId, ROLE.cryptoUser, key("sops"));
    expect((await tries(who, "sops", "encrypt")).status).toBe(200);
    expect((await tries(who, "sops", "decrypt")).status).toBe(200);
    const refused = await tries(who, "other", "decrypt");
    expect(refused).toMatchObject({
      status: 403,
      body: { error: { code: "Forbidden", innererror: { code: "ForbiddenByRbac" } } },
    });
    expect(refused.text).toContain(`Action: 'Microsoft.KeyVault/vaults/keys/decrypt/action'`);
    expect(refused.text).toContain(`oid=${who.objectId}`);
    expect(refused.text).toContain("Assignment: (not found)");
  });

  it("a custom role that decrypts, and cannot encrypt nor read", async () => {
    const who = principalWithSecret(azure, "flux");
    await assign(azure, who.objectId, custom, key("sops"));
    expect((await tries(who, "sops", "decrypt")).status).toBe(200);
    expect((await tries(who, "sops", "encrypt")).status).toBe(403);
    const client = keyClient(azure, VAULT, azure.credential(who.clientId, who.secret));
    await expect(client.getKey("sops")).rejects.toMatchObject({ statusCode: 403 });
  });

  it("the role that is wrong for sops: it wraps, and does not encrypt", async () => {
    const who = principalWithSecret(azure, "wrapper");
    await assign(azure, who.objectId, ROLE.serviceEncryptionUser, vault);
    expect((await tries(who, "sops", "wrapkey")).status).toBe(200);
    expect((await tries(who, "sops", "encrypt")).status).toBe(403);
  });

  it("nothing for an owner of the subscription, whose role is for the control plane", async () => {
    const who = principalWithSecret(azure, "owner");
    await assign(azure, who.objectId, ROLE.contributor, `/subscriptions/${azure.subscriptionId}`);
    expect((await tries(who, "sops", "decrypt")).status).toBe(403);
  });

  it("nothing any more once the assignment is gone, and nothing before it has spread", async () => {
    const who = principalWithSecret(azure, "for a while");
    await azure.admin("PATCH", "/switches", { roleAssignmentDelay: 600 });
    const { name = "" } = await assign(azure, who.objectId, ROLE.cryptoUser, key("sops"));
    expect((await tries(who, "sops", "decrypt")).status).toBe(403);
    await azure.core.clock.advance(601_000);
    expect((await tries(who, "sops", "decrypt")).status).toBe(200);
    await azure.admin("PATCH", "/switches", { roleAssignmentDelay: 0 });
    await judges(azure).authorization.roleAssignments.delete(key("sops"), name);
    expect((await tries(who, "sops", "decrypt")).status).toBe(403);
  });

  it("what notDataActions take away again", async () => {
    const { roleDefinitions } = judges(azure).authorization;
    const scope = `/subscriptions/${azure.subscriptionId}/resourceGroups/${GROUP}`;
    const { name = "" } = await roleDefinitions.createOrUpdate(scope, crypto.randomUUID(), {
      roleName: "All but encrypting",
      assignableScopes: [scope],
      permissions: [
        {
          dataActions: ["Microsoft.KeyVault/*"],
          notDataActions: ["microsoft.keyvault/vaults/keys/ENCRYPT/action"],
        },
      ],
    });
    const who = principalWithSecret(azure, "almost");
    await assign(azure, who.objectId, name, scope);
    expect((await tries(who, "sops", "decrypt")).status).toBe(200);
    expect((await tries(who, "sops", "encrypt")).status).toBe(403);
  });

  it("access policies, and no roles, in a vault without role-based access", async () => {
    const { vaults } = judges(azure).keyvault;
    const who = principalWithSecret(azure, "by policy");
    await assign(azure, who.objectId, ROLE.cryptoOfficer, vault);
    const policy = { tenantId: azure.tenantId, objectId: who.objectId, permissions: { keys: ["get"] } };
    await vaults.update(GROUP, VAULT, {
      properties: { enableRbacAuthorization: false, accessPolicies: [policy] },
    });
    const client = keyClient(azure, VAULT, azure.credential(who.clientId, who.secret));
    expect((await client.getKey("sops")).name).toBe("sops");
    await expect(client.rotateKey("sops")).rejects.toThrow("does not have keys rotate permission");
    await vaults.update(GROUP, VAULT, { properties: { enableRbacAuthorization: true } });
  });

  it("what a firewall lets through, before any role", async () => {
    const { vaults } = judges(azure).keyvault;
    const networkAcls = {
      bypass: "AzureServices",
      defaultAction: "Deny",
      ipRules: [{ value: "198.51.100.0/24" }],
    };
    await vaults.update(GROUP, VAULT, { properties: { networkAcls } });
    await expect(keyClient(azure, VAULT).getKey("sops")).rejects.toThrow("Client address: 203.0.113.10");
    const open = { ...networkAcls, ipRules: [{ value: "203.0.113.0/24" }] };
    await vaults.update(GROUP, VAULT, { properties: { networkAcls: open } });
    expect((await keyClient(azure, VAULT).getKey("sops")).name).toBe("sops");
  });
});
