import { azureKey, vaultSecret } from "../support/azure";
import { describeRule } from "../support/describe-rule";
import { PROD, UNKNOWN } from "../support/resources";

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
