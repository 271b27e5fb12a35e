import { describe, expect, test } from "vitest";
import { grantLines, reportOfExport, reportOfOutputs } from "./support/audited";
import {
  assignment,
  azureOutput,
  CRYPTO_OFFICER,
  credential,
  KEY_ID,
  KEY_VAULT_ID,
  keyInAzure,
  managedIdentity,
  OWNER,
  roleDefinition,
} from "./support/azure";
import { exported, outputs, resource } from "./support/stack";

const KEYS = "Microsoft.KeyVault/vaults/keys";
const given = outputs({ azure: azureOutput() });
const [role, roleId] = roleDefinition("sops decrypt", [
  { actions: [], dataActions: [`${KEYS}/decrypt/action`] },
]);
const flux = [
  managedIdentity("sops-flux", "p-1"),
  credential("sops-flux", "system:serviceaccount:flux-system:kustomize-controller"),
];

/** Lines about the key in Azure. */
const inAzure = async (...resources: object[]) =>
  grantLines(await reportOfExport(exported([keyInAzure(), ...resources], given))).filter((line) =>
    line.includes(" / kv-sops/"),
  );

describe("Azure: who may do what is read from role assignments", () => {
  test("outputs alone: as the program declares it, and the account is the one that Vault knows too", async () => {
    const report = await reportOfOutputs(given);
    expect(grantLines(report)).toContain("flux-system/kustomize-controller / kv-sops/keys/sops: decrypt");
    const mine = report.grants.filter(({ identity }) => identity.endsWith("/kustomize-controller"));
    expect(mine.map(({ key }) => key)).toEqual([
      "https://kv-sops.vault.azure.net/keys/sops",
      "https://vault.example.com:8200/v1/transit/keys/sops",
    ]);
  });

  test("an assignment on the key: identity, credential and role are the way", async () => {
    const report = await reportOfExport(
      exported([keyInAzure(), ...flux, role, assignment("a", "p-1", roleId, KEY_ID)], given),
    );
    expect(report.grants.find(({ key }) => key.includes("azure"))?.paths).toEqual([
      {
        login: "sops-flux",
        policies: ["sops decrypt"],
        rights: ["decrypt"],
        conditions: [
          "the token is of https://oidc.example.com/cluster for system:serviceaccount:flux-system:kustomize-controller, its audience api://AzureADTokenExchange",
        ],
      },
    ]);
  });

  test.each([
    ["the vault", KEY_VAULT_ID],
    ["the vault, in other letters", KEY_VAULT_ID.toUpperCase()],
    ["the resource group", KEY_VAULT_ID.split("/providers")[0] ?? ""],
    ["the subscription", "/subscriptions/11111111-1111-1111-1111-111111111111/"],
  ])("an assignment on %s covers the key", async (_, scope) => {
    expect(await inAzure(...flux, role, assignment("a", "p-1", roleId, scope))).toEqual([
      "flux-system/kustomize-controller / kv-sops/keys/sops: decrypt",
    ]);
  });

  test.each([
    ["another key of a name that begins the same", `${KEY_ID}-old`],
    ["another vault", KEY_VAULT_ID.replace("kv-sops", "kv-sop")],
  ])("an assignment on %s does not", async (_, scope) => {
    expect(await inAzure(...flux, role, assignment("a", "p-1", roleId, scope))).toEqual([]);
  });

  test("Azure's own roles, and principals that the stack does not know", async () => {
    expect(
      await inAzure(
        assignment("a", "p-8", CRYPTO_OFFICER, KEY_VAULT_ID),
        assignment("b", "p-9", OWNER, KEY_VAULT_ID),
      ),
    ).toEqual([
      "principal p-8 / kv-sops/keys/sops: decrypt, export, backup, delete, configure, rotate, encrypt, read versions",
      "principal p-9 / kv-sops/keys/sops: give rights",
    ]);
  });

  test("globs in a role, and what it takes away again", async () => {
    const [wide, id] = roleDefinition("wide", [
      { dataActions: [`${KEYS}/*`], notDataActions: [`${KEYS}/*/action`, "*/purge/*"] },
      { actions: ["*"], notActions: ["Microsoft.Authorization/*/Write"] },
    ]);
    expect(await inAzure(...flux, wide, assignment("a", "p-1", id, KEY_ID))).toEqual([
      "flux-system/kustomize-controller / kv-sops/keys/sops: delete, read versions",
    ]);
  });

  test("a role that the stack does not define may give anything, and is said to", async () => {
    expect(await inAzure(...flux, assignment("a", "p-1", roleId, KEY_ID))).toEqual([
      "flux-system/kustomize-controller / kv-sops/keys/sops:  (? role 22222222-2222-2222-2222-222222222222, which the stack does not define)",
    ]);
  });

  test("jobs of GitLab by their subject, and other issuers by theirs", async () => {
    expect(
      await inAzure(
        role,
        managedIdentity("job", "p-2"),
        credential("job", "project_path:platform/deploy:ref_type:branch:ref:main"),
        managedIdentity("other", "p-3"),
        credential("other", "repo:team/app:ref:refs/heads/main"),
        managedIdentity("nobody", "p-4"),
        ...["p-2", "p-3", "p-4"].map((who) => assignment(who, who, roleId, KEY_ID)),
      ),
    ).toEqual([
      "repo:team/app:ref:refs/heads/main of https://oidc.example.com/cluster / kv-sops/keys/sops: decrypt",
      "jobs of platform/deploy, branch main / kv-sops/keys/sops: decrypt",
      "nobody / kv-sops/keys/sops: decrypt",
    ]);
  });
});

test("a key of the stack that the output does not name is told all the same", async () => {
  const other = resource("azure-native:keyvault:Key", "other", {
    keyUri: "https://kv-two.vault.azure.net/keys/Extra",
    kty: "RSA",
    keySize: 3072,
  });
  const { keys } = await reportOfExport(exported([keyInAzure(), other], given));
  expect(keys.map(({ name, type }) => [name, type])).toEqual([
    ["transit/keys/sops", "aes256-gcm96"],
    ["kv-sops/keys/sops", "RSA-HSM 4096"],
    ["kv-two/keys/Extra", "RSA 3072"],
  ]);
});
