import { GROUP, keyVault, privateEndpoint } from "../support/azure";
import { describeRule } from "../support/describe-rule";
import { PROD, UNKNOWN } from "../support/resources";

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
