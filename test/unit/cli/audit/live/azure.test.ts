import { describe, expect, test } from "vitest";
import { eventFindings } from "../../../../../cli/audit/live/azure/event-checks";
import type { IdentityFacts, KeyFacts } from "../../../../../cli/audit/live/azure/facts";
import { azureKeyFindings } from "../../../../../cli/audit/live/azure/key-checks";
import { azureGrants, rightsFindings } from "../../../../../cli/audit/live/azure/rights-checks";
import type { Assignment } from "../../../../../cli/verify/azure/azure-look";
import { operationsOf } from "../../../../../cli/verify/azure/data-actions";

const GROUP = "/subscriptions/s/resourceGroups/g";
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv`;
const URL = "https://kv.vault.azure.net/keys/sops";

const declared = {
  ...{ url: URL, vault: "kv", name: "sops", type: "RSA", size: 3072 },
  ...{ rotatesAfter: "P90D", rotatesBeforeExpiry: null, expiresAfter: "P2Y" },
};
const KEY = {
  ...{ kty: "RSA", keySize: 3072, keyOps: ["encrypt", "decrypt"] },
  attributes: { enabled: true, exportable: false },
  rotationPolicy: {
    lifetimeActions: [{ trigger: { timeAfterCreate: "P90D" }, action: { type: "rotate" } }],
  },
};

const keyFacts = (change: Partial<KeyFacts> = {}): KeyFacts => ({
  declared,
  vaultId: VAULT,
  vault: {
    publicNetworkAccess: "Enabled",
    networkAcls: { defaultAction: "Deny" },
    enablePurgeProtection: true,
    enableRbacAuthorization: true,
  },
  key: KEY,
  assignments: [],
  isLogged: true,
  ...change,
});
const found = (change: Partial<KeyFacts>) =>
  azureKeyFindings(keyFacts(change)).map(({ id, where, what }) => `${id}: ${where}: ${what}`);

describe("a vault and its key", () => {
  test("as declared: nothing, and nothing of what could not be looked at", () => {
    expect(found({})).toEqual([]);
    expect(found({ key: undefined })).toEqual([]);
  });

  test("a vault that is not there", () => {
    expect(found({ vaultId: undefined, vault: null })).toEqual([
      "azure-vault-missing: kv: the subscription has no such vault",
    ]);
  });

  test("one that Azure tells nothing of is open, as Azure has it by default", () => {
    expect(found({ vault: {} }).map((line) => line.split(":")[0])).toEqual([
      "azure-vault-network",
      "azure-vault-purgeable",
      "azure-vault-access-policies",
    ]);
  });

  test("one without public access is closed, whatever its rules say", () => {
    const vault = { ...keyFacts().vault, publicNetworkAccess: "Disabled", networkAcls: undefined };
    expect(found({ vault })).toEqual([]);
  });

  test.each([
    ["exportable", { attributes: { exportable: true } }, "azure-key-exportable: exportable is on"],
    ["smaller", { keySize: 2048 }, "azure-key-type: it is RSA of 2048 bits, declared is RSA of 3072"],
    [
      "ended",
      { attributes: { exp: 1 } },
      "azure-key-disabled: the current version ended at 1970-01-01T00:00:01.000Z",
    ],
    ["never rotating", { rotationPolicy: undefined }, "azure-key-rotation: it does not rotate by itself"],
    [
      "rotating another way",
      {
        rotationPolicy: {
          lifetimeActions: [{ trigger: { timeBeforeExpiry: "P30D" }, action: { type: "Rotate" } }],
        },
      },
      "azure-key-rotation: it rotates P30D before it ends, declared is P90D after it was made",
    ],
  ])("a key that is %s", (_how, change, line) => {
    expect(found({ key: { ...KEY, ...change } })).toEqual([line.replace(": ", `: ${URL}: `)]);
  });
});

test.each([
  ["decrypting only", [{ dataActions: ["Microsoft.KeyVault/vaults/keys/decrypt/action"] }], ["decrypt"]],
  ["in another case", [{ dataActions: ["microsoft.keyvault/VAULTS/keys/Decrypt/action"] }], ["decrypt"]],
  ["nothing of the data plane", [{ dataActions: [] }], []],
  ["secrets only", [{ dataActions: ["Microsoft.KeyVault/vaults/secrets/*"] }], []],
  [
    "all but what is taken back",
    [
      {
        dataActions: ["Microsoft.KeyVault/vaults/keys/*/action"],
        notDataActions: ["*/decrypt/action", "*/unwrap/action"],
      },
    ],
    ["encrypt", "wrap", "rotate", "backup", "release", "sign", "update", "create", "import", "purge"],
  ],
  [
    "what one part takes back another may give",
    [
      { dataActions: ["Microsoft.KeyVault/vaults/keys/*"], notDataActions: ["Microsoft.KeyVault/*"] },
      { dataActions: ["Microsoft.KeyVault/vaults/keys/read"] },
    ],
    ["read"],
  ],
])("what a role allows: %s", (_what, permissions, operations) => {
  expect(operationsOf(permissions)).toEqual(operations);
});

describe("who has a role", () => {
  const FLUX: IdentityFacts = {
    declared: {
      ...{ name: "flux", clientId: "c", issuer: "https://issuer", subject: "s", audience: "a" },
      may: ["decrypt"],
    },
    principal: "p-flux",
    trusts: [{ name: "own", issuer: "https://issuer", subject: "s", audiences: ["a"] }],
  };
  const assignment = (change: Partial<Assignment>): Assignment => ({
    ...{
      id: "/id",
      principal: "p-else",
      kind: "User",
      role: "x",
      scope: `${VAULT}/keys/sops`.toLowerCase(),
      may: ["decrypt"],
    },
    ...change,
  });
  const rights = (one: Assignment, identity: IdentityFacts = FLUX) => {
    const facts = {
      self: "p-self",
      keys: [keyFacts({ assignments: [one] })],
      identities: [identity],
      events: [],
    };
    return rightsFindings(facts).map(({ id }) => id);
  };

  test.each([
    ["the declared identity", { principal: "p-flux" }, []],
    [
      "the declared identity, which may more",
      { principal: "p-flux", may: ["decrypt", "read"] },
      ["azure-identity-rights"],
    ],
    ["somebody else", {}, ["azure-role-assignment"]],
    ["somebody else, who sees nothing by it", { may: ["read", "encrypt"] }, []],
    ["somebody else, on the whole group", { scope: GROUP.toLowerCase() }, ["azure-role-inherited"]],
    ["who looks, on the whole group", { scope: GROUP.toLowerCase(), principal: "p-self" }, []],
    ["who looks, on the key", { principal: "p-self" }, ["azure-role-assignment"]],
    ["somebody who takes the key out", { may: ["backup"] }, ["azure-role-assignment"]],
  ])("%s", (_who, change, ids) => {
    expect(rights(assignment(change))).toEqual(ids);
  });

  test("an identity that is gone, and one that trusts for another audience", () => {
    const none = assignment({ may: [] });
    expect(rights(none, { ...FLUX, principal: null })).toEqual(["azure-identity-missing"]);
    const trusts = [{ name: "own", issuer: "https://issuer", subject: "s", audiences: ["a", "b"] }];
    expect(rights(none, { ...FLUX, trusts })).toEqual(["azure-federated-credential"]);
  });

  test("as grants", () => {
    const assignments = [
      assignment({ principal: "p-flux" }),
      assignment({ may: ["unwrap", "purge", "sign"] }),
    ];
    const facts = { self: undefined, keys: [keyFacts({ assignments })], identities: [FLUX], events: [] };
    expect(azureGrants(facts).map(({ identity, may }) => `${identity}: ${may.join(" ")}`)).toEqual([
      "flux: decrypt",
      "User p-else: decrypt delete",
    ]);
  });
});

describe("who is told", () => {
  const id = `${GROUP}/providers/Microsoft.EventGrid/systemTopics/t/eventSubscriptions/s`;
  const azure = {
    tenantId: "t",
    roles: { decrypt: "/r" },
    relay: { url: "https://relay.example.com", subscriptionIds: [id] },
  };
  const half = { ...azure, keys: [], identities: [] };
  const OWN = {
    destination: { properties: { endpointBaseUrl: "https://relay.example.com/events" } },
    filter: { includedEventTypes: ["Microsoft.KeyVault.KeyNewVersionCreated"] },
    deadLetterDestination: {},
  };
  const told = (change: object) => {
    const events = [{ id, isDeclared: true, properties: { ...OWN, ...change } }];
    return eventFindings({ self: undefined, keys: [], identities: [], events }, half).map(({ what }) => what);
  };

  test.each([
    ["as declared", {}, []],
    ["everything", { filter: {} }, ["it tells of everything"]],
    ["without dead letters", { deadLetterDestination: null }, ["what cannot be delivered is not kept"]],
    [
      "somebody whose address begins alike",
      {
        destination: {
          properties: { endpointBaseUrl: "https://relay.example.com.evil.example.org/?code=hush" },
        },
      },
      ["it goes to relay.example.com.evil.example.org, declared is relay.example.com"],
    ],
  ])("%s", (_what, change, lines) => {
    expect(told(change)).toEqual(lines);
  });
});
