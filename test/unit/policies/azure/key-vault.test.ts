import {
  accessPolicy,
  azureKey,
  diagnostics,
  GROUP,
  keyVault,
  privateEndpoint,
  storageAccount,
  vaultSecret,
} from "../support/azure";
import { describeRule } from "../support/describe-rule";
import { UNKNOWN } from "../support/resources";

const PROD = { stack: "prod" };

describeRule("azure-key-vault-purge-protection", {
  violates: {
    "left out": [
      keyVault({ "properties.enablePurgeProtection": undefined }),
      "set enablePurgeProtection to true",
    ],
  },
  passes: { on: keyVault() },
  unknown: {
    "the flag": [
      keyVault({ "properties.enablePurgeProtection": UNKNOWN }),
      "properties.enablePurgeProtection",
    ],
  },
});

describeRule("azure-key-vault-soft-delete", {
  violates: {
    off: [keyVault({ "properties.enableSoftDelete": false }), "set enableSoftDelete to true"],
    "a week": [
      keyVault({ "properties.softDeleteRetentionInDays": 7 }),
      "is kept for 7 days once it is deleted; set softDeleteRetentionInDays to 30 or more",
    ],
    "too short for production": [
      keyVault({ "properties.softDeleteRetentionInDays": 89 }, PROD),
      "to 90 or more",
    ],
  },
  passes: {
    "90 days": keyVault({}, PROD),
    "30 days in dev": keyVault({ "properties.softDeleteRetentionInDays": 30 }),
    "Azure's default": keyVault({ "properties.softDeleteRetentionInDays": undefined }),
  },
  unknown: {
    "the days": [
      keyVault({ "properties.softDeleteRetentionInDays": UNKNOWN }),
      "properties.softDeleteRetentionInDays",
    ],
  },
  limits: [
    { minDays: 60, productionStacks: ["live"] },
    {
      violates: { "30 days": [keyVault({ "properties.softDeleteRetentionInDays": 30 }), "to 60 or more"] },
      passes: {
        "60 days, where prod is no production": keyVault(
          { "properties.softDeleteRetentionInDays": 60 },
          PROD,
        ),
      },
    },
  ],
});

describeRule("azure-key-vault-network-deny", {
  violates: {
    "no rules": [keyVault({ "properties.networkAcls": undefined }), "answers every network"],
    allow: [
      keyVault({ "properties.networkAcls.defaultAction": "Allow" }),
      "set networkAcls.defaultAction to Deny",
    ],
  },
  passes: {
    deny: keyVault(),
    "no public network": keyVault({
      "properties.networkAcls": undefined,
      "properties.publicNetworkAccess": "Disabled",
    }),
  },
  unknown: { "the rules": [keyVault({ "properties.networkAcls": UNKNOWN }), "properties.networkAcls"] },
});

describeRule("azure-key-vault-narrow-networks", {
  violates: {
    everybody: [
      keyVault({ "properties.networkAcls.ipRules": [{ value: "0.0.0.0/0" }] }),
      "answers 0.0.0.0/0, which is wider than /24",
    ],
  },
  passes: {
    "a few": keyVault(),
    "one address": keyVault({ "properties.networkAcls.ipRules": [{ value: "203.0.113.7" }] }),
  },
  unknown: {
    "an address": [
      keyVault({ "properties.networkAcls.ipRules": [{ value: UNKNOWN }] }),
      "properties.networkAcls.ipRules[0].value",
    ],
  },
  limits: [
    { minPrefix: 32 },
    {
      violates: { "sixteen addresses": [keyVault(), "wider than /32"] },
      passes: { one: keyVault({ "properties.networkAcls.ipRules": [] }) },
    },
  ],
});

describeRule("azure-key-vault-private-endpoint", {
  violates: {
    "none in production": [keyVault({}, PROD), "no private endpoint leads to", "answers the internet"],
    "of another vault": [
      [
        keyVault({ "properties.publicNetworkAccess": "Disabled" }, PROD),
        privateEndpoint({ privateLinkServiceConnections: [{ privateLinkServiceId: `${GROUP}/x` }] }, PROD),
      ],
      "no private endpoint leads to; declare one",
    ],
  },
  passes: {
    "one in production": [
      keyVault({ "properties.publicNetworkAccess": "Disabled" }, PROD),
      privateEndpoint({}, PROD),
    ],
    "none in dev": keyVault(),
  },
  unknown: {
    "where it leads": [
      [
        keyVault({ "properties.publicNetworkAccess": "Disabled" }, PROD),
        privateEndpoint({ privateLinkServiceConnections: [{ privateLinkServiceId: UNKNOWN }] }, PROD),
      ],
      "privateLinkServiceConnections[0].privateLinkServiceId",
    ],
  },
});

describeRule("azure-key-vault-rbac", {
  violates: {
    "left out": [
      keyVault({ "properties.enableRbacAuthorization": undefined }),
      "set enableRbacAuthorization to true",
    ],
    "policies as well": [keyVault({ "properties.accessPolicies": [{}] }), "take accessPolicies out"],
    "a policy of its own": [accessPolicy(), "assign a role to the key instead"],
  },
  passes: { on: keyVault() },
  unknown: {
    "the flag": [
      keyVault({ "properties.enableRbacAuthorization": UNKNOWN }),
      "properties.enableRbacAuthorization",
    ],
  },
});

describeRule("azure-key-vault-logged", {
  violates: {
    "no setting": [keyVault(), "declare a DiagnosticSetting with AuditEvent"],
    "of something else": [[keyVault(), diagnostics({ resourceUri: `${GROUP}/x` })], "keeps no log"],
    "made of something else": [
      [keyVault(), { ...diagnostics({ resourceUri: undefined }), madeOf: { resourceUri: ["urn:x"] } }],
      "keeps no log",
    ],
    "to nowhere": [[keyVault(), diagnostics({ workspaceId: undefined })], "keeps no log"],
    "switched off": [
      [keyVault(), diagnostics({ logs: [{ category: "AuditEvent", enabled: false }] })],
      "keeps no log",
    ],
  },
  passes: {
    "by its category": [keyVault(), diagnostics()],
    "by a group": [keyVault(), diagnostics({ logs: [{ categoryGroup: "audit", enabled: true }] })],
    "whose it is told by what it was made of": [
      keyVault(),
      { ...diagnostics({ resourceUri: undefined }), madeOf: { resourceUri: [keyVault().urn] } },
    ],
  },
  unknown: { "which resource": [[keyVault(), diagnostics({ resourceUri: UNKNOWN })], "resourceUri"] },
});

describeRule("azure-resource-tagged", {
  violates: { "one missing": [keyVault({ tags: { owner: "x" } }), "has no tag environment; set them"] },
  passes: { both: keyVault(), storage: storageAccount() },
  unknown: { "the tags": [keyVault({ tags: UNKNOWN }), "tags"] },
  limits: [
    { tags: ["cost"] },
    {
      violates: { another: [keyVault(), "has no tag cost"] },
      passes: { it: keyVault({ tags: { cost: "1" } }) },
    },
  ],
});

describeRule("azure-resource-region", {
  violates: {},
  passes: { "any, by default": keyVault() },
  unknown: {},
  limits: [
    { regions: ["North Europe"] },
    {
      violates: { elsewhere: [keyVault(), "lies in westeurope; set location to one of North Europe"] },
      passes: { there: keyVault({ location: "northeurope" }), "no region": storageAccount() },
      unknown: { where: [keyVault({ location: UNKNOWN }), "location"] },
    },
  ],
});

describeRule("azure-key-rotates", {
  violates: {
    never: [
      azureKey({ "properties.rotationPolicy": undefined }),
      "is never rotated; give rotationPolicy an action rotate after at most 365 days (P365D)",
    ],
    "too seldom": [
      azureKey({
        "properties.rotationPolicy.lifetimeActions": [
          { action: { type: "Rotate" }, trigger: { timeAfterCreate: "P2Y" } },
        ],
      }),
      "is rotated every 730 days",
    ],
    "too seldom for production": [
      azureKey(
        {
          "properties.rotationPolicy.lifetimeActions": [
            { action: { type: "rotate" }, trigger: { timeAfterCreate: "P91D" } },
          ],
        },
        PROD,
      ),
      "set timeAfterCreate to at most P90D",
    ],
  },
  passes: {
    "90 days": azureKey({}, PROD),
    "before it expires": azureKey(
      {
        "properties.rotationPolicy.lifetimeActions": [
          { action: { type: "rotate" }, trigger: { timeBeforeExpiry: "P90D" } },
        ],
      },
      PROD,
    ),
  },
  unknown: {
    "the policy": [azureKey({ "properties.rotationPolicy": UNKNOWN }), "properties.rotationPolicy"],
  },
  limits: [
    { maxDays: 30 },
    {
      violates: { "90 days": [azureKey(), "at most P30D"] },
      passes: {
        "a month": azureKey({
          "properties.rotationPolicy.lifetimeActions": [
            { action: { type: "rotate" }, trigger: { timeAfterCreate: "P1M" } },
          ],
        }),
      },
    },
  ],
});

describeRule("azure-key-expires", {
  violates: {
    never: [
      azureKey({ "properties.rotationPolicy.attributes": undefined }),
      "set rotationPolicy.attributes.expiryTime",
    ],
  },
  passes: {
    "each version": azureKey(),
    "the key": azureKey({
      "properties.rotationPolicy": undefined,
      "properties.attributes": { expires: 1900000000 },
    }),
  },
  unknown: {
    when: [
      azureKey({ "properties.rotationPolicy.attributes.expiryTime": UNKNOWN }),
      "properties.rotationPolicy.attributes.expiryTime",
    ],
  },
});

describeRule("azure-key-type", {
  violates: {
    "an elliptic curve": [azureKey({ "properties.kty": "EC" }), "is of type EC, which sops cannot use"],
    "too short": [azureKey({ "properties.keySize": 2048 }), "has 2048 bits; set keySize to 3072 or more"],
    "software in production": [azureKey({ "properties.kty": "RSA" }, PROD), "set kty to RSA-HSM"],
  },
  passes: { hardware: azureKey({}, PROD), "software in dev": azureKey({ "properties.kty": "RSA" }) },
  unknown: { "the type": [azureKey({ "properties.kty": UNKNOWN }), "properties.kty"] },
  limits: [
    { minBits: 4096, hardwareInProduction: false },
    {
      violates: { "3072 bits": [azureKey(), "set keySize to 4096"] },
      passes: {
        "software in production": azureKey({ "properties.kty": "RSA", "properties.keySize": 4096 }, PROD),
      },
    },
  ],
});

describeRule("azure-key-operations", {
  violates: {
    "all of them": [azureKey({ "properties.keyOps": undefined }), "does everything that its type can"],
    "signs too": [azureKey({ "properties.keyOps": ["encrypt", "decrypt", "sign"] }), "can sign too"],
    "cannot decrypt": [
      azureKey({ "properties.keyOps": ["encrypt"] }),
      "cannot decrypt, which sops needs; add it to keyOps",
    ],
  },
  passes: {
    "what sops uses": azureKey(),
    "wraps as well": azureKey({ "properties.keyOps": ["encrypt", "decrypt", "wrapKey"] }),
  },
  unknown: { "the list": [azureKey({ "properties.keyOps": UNKNOWN }), "properties.keyOps"] },
});

describeRule("azure-key-unexportable", {
  violates: {
    exportable: [
      azureKey({ "properties.attributes": { exportable: true } }),
      "can be released from its vault",
    ],
    "a release policy": [azureKey({ "properties.releasePolicy": { data: "x" } }), "in a new key"],
  },
  passes: { "stays there": azureKey() },
  unknown: {
    "the flag": [
      azureKey({ "properties.attributes": { exportable: UNKNOWN } }),
      "properties.attributes.exportable",
    ],
  },
});

describeRule("azure-secret-expires", {
  violates: {
    never: [vaultSecret({ "properties.attributes": undefined }), "set attributes.expires"],
    "says nothing": [vaultSecret({ "properties.contentType": undefined }), "set contentType"],
  },
  passes: { both: vaultSecret() },
  unknown: { when: [vaultSecret({ "properties.attributes": UNKNOWN }), "properties.attributes"] },
});
