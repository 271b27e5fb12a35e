import { expect, test } from "vitest";
import { TransitKey } from "../../../components/vault/transit-key";
import { childrenOf, outputsOf } from "../harness";
import { EVERYTHING, NOTHING } from "./take-overs";

const args = {
  mount: "transit",
  key: "sops",
  autoRotatePeriod: 7_776_000,
  minDecryptionVersion: 1,
  protect: true,
  existing: NOTHING,
};
const computed = {
  "vault:transit/secretBackendKey:SecretBackendKey": {
    latestVersion: 3,
    // As the provider has them: in no certain order, and without version 1, which decrypts no more.
    keys: [{ id: "1790000000" }, { id: "1780000000" }],
  },
};

test("makes the mount, its settings and the key, both protected", async () => {
  expect(await childrenOf(() => new TransitKey("sops", args))).toMatchInlineSnapshot(`
    [
      "vault:generic/endpoint:Endpoint sops-mount-settings {"dataJson":{"secret":"{\\"disable_upsert\\":true}"},"disableDelete":true,"ignoreAbsentFields":true,"path":"transit/config/keys"}",
      "vault:index/mount:Mount sops-mount protected {"description":"by-test","path":"transit","type":"transit"}",
      "vault:transit/secretBackendKey:SecretBackendKey sops-key protected {"allowPlaintextBackup":false,"autoRotatePeriod":7776000,"backend":"transit","deletionAllowed":false,"exportable":false,"minDecryptionVersion":1,"name":"sops","type":"aes256-gcm96"}",
    ]
  `);
});

test("without protection the key may be deleted, on purpose", async () => {
  expect(await childrenOf(() => new TransitKey("sops", { ...args, protect: false }))).toMatchInlineSnapshot(`
    [
      "vault:generic/endpoint:Endpoint sops-mount-settings {"dataJson":{"secret":"{\\"disable_upsert\\":true}"},"disableDelete":true,"ignoreAbsentFields":true,"path":"transit/config/keys"}",
      "vault:index/mount:Mount sops-mount {"description":"by-test","path":"transit","type":"transit"}",
      "vault:transit/secretBackendKey:SecretBackendKey sops-key {"allowPlaintextBackup":false,"autoRotatePeriod":7776000,"backend":"transit","deletionAllowed":true,"exportable":false,"minDecryptionVersion":1,"name":"sops","type":"aes256-gcm96"}",
    ]
  `);
});

test("adoption imports the mount and the key, and nothing the guide does not make", async () => {
  expect(
    await childrenOf(() => new TransitKey("sops", { ...args, existing: EVERYTHING })),
  ).toMatchInlineSnapshot(`
    [
      "vault:generic/endpoint:Endpoint sops-mount-settings {"dataJson":{"secret":"{\\"disable_upsert\\":true}"},"disableDelete":true,"ignoreAbsentFields":true,"path":"transit/config/keys"}",
      "vault:index/mount:Mount sops-mount protected import=transit {"description":"by-test","path":"transit","type":"transit"}",
      "vault:transit/secretBackendKey:SecretBackendKey sops-key protected import=transit/keys/sops {"allowPlaintextBackup":false,"autoRotatePeriod":7776000,"backend":"transit","deletionAllowed":false,"exportable":false,"minDecryptionVersion":1,"name":"sops","type":"aes256-gcm96"}",
    ]
  `);
});

test("a rotation period of 0 is passed on, not left out", async () => {
  const children = await childrenOf(() => new TransitKey("sops", { ...args, autoRotatePeriod: 0 }));
  expect(children.filter((line) => line.includes('"autoRotatePeriod":0'))).toHaveLength(1);
});

test("registers its public outputs", async () => {
  expect(await outputsOf(() => new TransitKey("sops", args), { computed })).toMatchInlineSnapshot(`
    {
      "autoRotatePeriod": 7776000,
      "key": "sops",
      "keyType": "aes256-gcm96",
      "latestVersion": 3,
      "minDecryptionVersion": 1,
      "mount": "transit",
      "versions": [
        {
          "created": "2026-05-28T20:26:40.000Z",
          "version": 2,
        },
        {
          "created": "2026-09-21T14:13:20.000Z",
          "version": 3,
        },
      ],
    }
  `);
});

test("in preview the version is unknown and the rest is not", async () => {
  expect(await outputsOf(() => new TransitKey("sops", args), { preview: true })).toMatchInlineSnapshot(`
    {
      "autoRotatePeriod": 7776000,
      "key": "sops",
      "keyType": "aes256-gcm96",
      "latestVersion": "unknown",
      "minDecryptionVersion": 1,
      "mount": "transit",
      "versions": "unknown",
    }
  `);
});
