import { describeRule } from "../support/describe-rule";
import { UNKNOWN } from "../support/resources";
import { endpoint, key, mount } from "../support/vault";

describeRule("vault-transit-key-undeletable", {
  violates: { "the flag is set": [key({ deletionAllowed: true }), "set deletionAllowed to false"] },
  passes: { "the flag is false": key(), "the flag is left out": key({ deletionAllowed: undefined }) },
  unknown: { "the flag": [key({ deletionAllowed: UNKNOWN }), "deletionAllowed"] },
});

describeRule("vault-transit-key-unexportable", {
  violates: { "the flag is set": [key({ exportable: true }), "set exportable to false in a new key"] },
  passes: { "the flag is false": key(), "the flag is left out": key({ exportable: undefined }) },
  unknown: { "the flag": [key({ exportable: UNKNOWN }), "exportable"] },
});

describeRule("vault-transit-key-no-plaintext-backup", {
  violates: { "the flag is set": [key({ allowPlaintextBackup: true }), "set allowPlaintextBackup to false"] },
  passes: { "the flag is false": key(), "the flag is left out": key({ allowPlaintextBackup: undefined }) },
  unknown: { "the flag": [key({ allowPlaintextBackup: UNKNOWN }), "allowPlaintextBackup"] },
});

describeRule("vault-transit-key-rotates", {
  violates: {
    "no period": [
      key({ autoRotatePeriod: undefined }),
      "is never rotated; set autoRotatePeriod to at most 90 days",
    ],
    "never, in so many words": [key({ autoRotatePeriod: 0 }), "is never rotated"],
    "a day too long": [
      key({ autoRotatePeriod: 91 * 86400 }),
      "every 91 days; set autoRotatePeriod to at most 90 days (7776000)",
    ],
  },
  passes: { "the longest period": key(), "an hour": key({ autoRotatePeriod: 3600 }) },
  unknown: { "the period": [key({ autoRotatePeriod: UNKNOWN }), "autoRotatePeriod"] },
  limits: [
    { maxDays: 30 },
    {
      violates: { "what the default allows": [key(), "at most 30 days"] },
      passes: { "30 days": key({ autoRotatePeriod: 30 * 86400 }) },
    },
  ],
});

describeRule("vault-transit-key-type", {
  violates: {
    "it only signs": [key({ type: "ed25519" }), "is of type ed25519; use one of aes256-gcm96"],
    "derived, and convergent": [
      key({ derived: true, convergentEncryption: true }),
      "leave derived out",
      "leave convergentEncryption out",
    ],
  },
  passes: { "Vault's default": key({ type: undefined }), rsa: key({ type: "rsa-4096" }) },
  unknown: { "the type": [key({ type: UNKNOWN }), "type"] },
  limits: [
    { types: ["rsa-4096"] },
    {
      violates: { "another one": [key(), "use one of rsa-4096"] },
      passes: { "the one": key({ type: "rsa-4096" }) },
    },
  ],
});

describeRule("vault-transit-key-old-versions", {
  violates: {
    "one too many": [
      key({ latestVersion: 13 }),
      "13 versions that may decrypt (1 to 13), and 12 are allowed; run sopsloop rewrap, then sopsloop retire",
    ],
  },
  passes: {
    "as many as are allowed": key({ latestVersion: 12 }),
    "old ones are retired": key({ latestVersion: 40, minDecryptionVersion: 35 }),
    "not made yet": key(),
  },
  unknown: { "the newest version": [key({ latestVersion: UNKNOWN }), "latestVersion"] },
  limits: [
    { maxVersions: 2 },
    {
      violates: { three: [key({ latestVersion: 3 }), "and 2 are allowed"] },
      passes: { two: key({ latestVersion: 2 }) },
    },
  ],
});

describeRule("vault-transit-mount-protected", {
  violates: {
    "without the option": [
      mount({}, { isProtected: false }),
      "every key in transit with it; give it the option protect: true",
    ],
  },
  passes: { "with the option": mount(), "another engine": mount({ type: "kv" }, { isProtected: false }) },
  unknown: { "which engine it is": [mount({ type: UNKNOWN }, { isProtected: false }), "type"] },
});

describeRule("vault-transit-mount-no-upsert", {
  violates: {
    "nothing says so": [mount(), 'write {"disable_upsert": true} to transit/config/keys'],
    "another mount's settings": [
      [mount(), endpoint({ path: "other/config/keys" })],
      "to transit/config/keys",
    ],
    "it is set to false": [
      [mount(), endpoint({ dataJson: '{"disable_upsert":false}' })],
      "makes a key of any name",
    ],
    "the settings belong to another stack": [
      [mount(), endpoint({}, { stack: "prod" })],
      "makes a key of any name",
    ],
  },
  passes: { "it is set": [mount(), endpoint()], "another engine": mount({ type: "kv" }) },
  unknown: { "what is written": [[mount(), endpoint({ dataJson: UNKNOWN })], "dataJson"] },
});
