import { describe, expect, test } from "vitest";
import { encrypted, recipient } from "../../status/sample";
import { FILES, KEY, key, mount, vaultKey, warnings } from "./sample";

describe("a key", () => {
  test("deleted: what it is, and the files that nothing else opens", () => {
    expect(warnings({ steps: [key] }, { files: FILES })).toEqual([
      [
        "Deletes the transit key transit/keys/sops with all its versions. Nothing that they wrapped opens again, and a new key of the same name does not bring it back.",
        "Destroys the only key of 1 file of the deploy repository: a.yaml.",
      ],
    ]);
  });

  test("replaced, in short: the new one does not help", () => {
    const [[first, second] = []] = warnings(
      { steps: [{ ...key, op: "replace", new: { name: "new" }, keys: ["name"] }] },
      { files: FILES },
    );
    expect(first).toMatch(
      /^Replaces the transit key transit\/keys\/sops: the old one goes with all its versions\./,
    );
    expect(second).toMatch(/^Destroys the only key of 1 file/);
  });

  test("without a checkout the number is not known, and nothing is guessed", () => {
    expect(warnings({ steps: [key] })[0]?.[1]).toBe(
      "How many files need it is not known: no checkout of the deploy repository was given (--deploy).",
    );
  });

  test("41 files: the first five by name", () => {
    const many = Array.from({ length: 41 }, (_, at) => encrypted(`${at}.yaml`, { recipients: [vaultKey()] }));
    expect(warnings({ steps: [key] }, { files: { encrypted: many, unreadable: 2 } })[0]?.[1]).toBe(
      "Destroys the only key of 41 files of the deploy repository: 0.yaml, 1.yaml, 2.yaml, 3.yaml, 4.yaml and 36 more. 2 files cannot be read, and may need it too.",
    );
  });

  test("that no file needs alone, or at all", () => {
    const [, both] = FILES.encrypted;
    expect(
      warnings({ steps: [key] }, { files: { encrypted: both ? [both] : [], unreadable: 0 } })[0]?.[1],
    ).toBe("1 file of the deploy repository can be opened by it, all of them by another key too.");
    expect(warnings({ steps: [key] }, { files: { encrypted: [], unreadable: 0 } })[0]?.[1]).toBe(
      "The deploy repository has no encrypted file.",
    );
  });

  test("of another Vault, another mount, another namespace's depth: told apart", () => {
    const files = (uri: string) => ({
      encrypted: [encrypted("x.yaml", { recipients: [vaultKey("1", uri)] })],
      unreadable: 0,
    });
    const lost = (uri: string) =>
      warnings({ steps: [key] }, { files: files(uri) })[0]?.[1]?.startsWith("Destroys");
    expect(lost(KEY)).toBe(true);
    expect(lost("https://vault.example.com:8200/v1/team/transit/keys/sops")).toBe(true);
    expect(lost("https://other.example.com:8200/v1/transit/keys/sops")).toBe(false);
    expect(lost("https://vault.example.com:8200/v1/my-transit/keys/sops")).toBe(false);
    expect(lost("https://vault.example.com:8200/v1/transit/keys/sops2")).toBe(false);
  });

  test("two that go together: what only these two open is lost", () => {
    const other = { ...key, name: "other", old: { backend: "transit", name: "other" } };
    const file = encrypted("x.yaml", {
      recipients: [vaultKey(), vaultKey("1", KEY.replace("sops", "other"))],
    });
    const files = { encrypted: [file], unreadable: 0 };
    expect(warnings({ steps: [key, other] }, { files }).map(([, line]) => line)).toEqual(
      Array(2).fill("Destroys the only key of 1 file of the deploy repository: x.yaml."),
    );
    expect(warnings({ steps: [key] }, { files })[0]?.[1]).toContain("by another key too");
  });

  test("key groups: as many of them must still open as the threshold says", () => {
    const recipients = [
      vaultKey("1", KEY, 0),
      recipient("age", "a", undefined, 1),
      recipient("age", "b", undefined, 2),
    ];
    const lost = (shamirThreshold?: number) =>
      warnings(
        { steps: [key] },
        {
          files: {
            encrypted: [encrypted("x.yaml", { recipients, ...(shamirThreshold && { shamirThreshold }) })],
            unreadable: 0,
          },
        },
      )[0]?.[1]?.startsWith("Destroys");
    expect([lost(), lost(3), lost(2), lost(1)]).toEqual([true, true, false, false]);
  });

  test("who would refuse it", () => {
    const guarded = { ...key, protect: true, old: { ...key.old, deletionAllowed: false } };
    expect(warnings({ steps: [guarded] })[0]?.slice(2)).toEqual([
      "It is protected: pulumi up refuses this until the protection is taken off.",
      "Vault refuses to delete it as long as its deletion_allowed is off.",
    ]);
  });

  test("that is only let go of costs no file", () => {
    expect(warnings({ steps: [{ ...key, retain: true }] }, { files: FILES })).toEqual([
      [
        "Lets go of the transit key transit/keys/sops: it stays where it is (retainOnDelete), but nothing looks after it any more.",
      ],
    ]);
  });

  test("whose oldest version is raised: the files that are still wrapped by older ones", () => {
    const raised = { ...key, op: "update", new: { ...key.old, minDecryptionVersion: 3 } };
    const files = {
      ...FILES,
      encrypted: [...FILES.encrypted, encrypted("d.yaml", { recipients: [vaultKey("3")] })],
    };
    expect(warnings({ steps: [raised] }, { files })).toEqual([
      [
        "Raises the oldest version of transit/keys/sops that decrypts to 3: what older ones wrapped opens no more, until it is lowered again.",
        "Shuts 1 file of the deploy repository: a.yaml. Rewrap first (sopsloop rewrap).",
      ],
    ]);
    const lowered = { ...raised, old: { ...key.old, minDecryptionVersion: 3 }, new: key.old };
    expect(warnings({ steps: [lowered] }, { files: FILES })).toEqual([]);
  });

  test("that is opened: deletable, exportable", () => {
    const update = (now: object) =>
      warnings({ steps: [{ ...key, op: "update", new: { ...key.old, ...now } }] }).flat();
    expect(update({ deletionAllowed: true })).toEqual([
      "Lets the key transit/keys/sops be deleted in Vault.",
    ]);
    expect(update({ exportable: true })[0]).toContain("be taken out of Vault, for good");
    expect(update({ autoRotatePeriod: 1 })).toEqual([]);
  });
});

test("the transit mount takes every key in it along; other mounts are none of ours", () => {
  expect(warnings({ steps: [mount] }, { files: FILES })[0]).toEqual([
    "Deletes the transit mount transit, and every key in it goes with it, whatever protects the keys themselves.",
    "Destroys the only key of 2 files of the deploy repository: a.yaml, c.yaml.",
  ]);
  expect(warnings({ steps: [{ ...mount, old: { path: "kv", type: "kv" } }] })).toEqual([]);
});

test.each([
  [
    "azure-native:keyvault:Key",
    "azure_kv",
    "https://v.vault.azure.net/keys/sops",
    { keyUri: "https://v.vault.azure.net/keys/sops" },
  ],
  [
    "azure-native:keyvault/v20230701:Key",
    "azure_kv",
    "https://v.vault.azure.net/keys/sops",
    { keyUri: "https://V.vault.azure.net/keys/sops" },
  ],
  [
    "azure-native:keyvault:Vault",
    "azure_kv",
    "https://v.vault.azure.net/keys/sops",
    { properties: { vaultUri: "https://v.vault.azure.net/" } },
  ],
  ["aws:kms/key:Key", "kms", "arn:aws:kms:eu-central-1:1:key/x", { arn: "arn:aws:kms:eu-central-1:1:key/x" }],
  [
    "gcp:kms/cryptoKey:CryptoKey",
    "gcp_kms",
    "projects/p/locations/l/keyRings/r/cryptoKeys/k",
    { id: "projects/p/locations/l/keyRings/r/cryptoKeys/k" },
  ],
] as const)("%s of another cloud", (type, kind, name, oldOutputs) => {
  const files = { encrypted: [encrypted("x.yaml", { recipients: [recipient(kind, name)] })], unreadable: 0 };
  const [lines] = warnings({ steps: [{ op: "delete", type, name: "k", old: {}, oldOutputs }] }, { files });
  expect(lines?.[1]).toBe("Destroys the only key of 1 file of the deploy repository: x.yaml.");
});
