import { accessPolicy, diagnostics, GROUP, keyVault } from "../support/azure";
import { describeRule } from "../support/describe-rule";
import { PROD, UNKNOWN } from "../support/resources";

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
