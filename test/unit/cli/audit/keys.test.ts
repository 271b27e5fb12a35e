import { expect, test } from "vitest";
import { audit } from "../preview-comment/support/audit";
import { reportOfExport, reportOfOutputs } from "./support/audited";
import { azureOutput, keyInAzure } from "./support/azure";
import { exported, outputs, transitKey } from "./support/stack";

const theOnly = async (resources: readonly object[]) => (await reportOfExport(exported(resources))).keys[0];

test("Vault: versions with their times, what closes them, and when the next is due", async () => {
  expect(await theOnly([transitKey("transit", "sops")])).toEqual({
    id: "https://vault.example.com:8200/v1/transit/keys/sops",
    backend: "vault",
    name: "transit/keys/sops",
    type: "aes256-gcm96",
    current: "3",
    oldestUsable: "2",
    versions: [
      { version: "2", created: "2026-06-01T00:00:00.000Z", state: "usable" },
      { version: "3", created: "2026-09-01T00:00:00.000Z", state: "current" },
    ],
    created: "2026-06-01T00:00:00.000Z",
    rotation: "P90D",
    rotatesAt: "2026-11-30T00:00:00.000Z",
  });
});

test("Vault: a key that only people rotate is due never", async () => {
  const key = await theOnly([transitKey("transit", "sops", { autoRotatePeriod: 0 })]);
  expect([key?.rotation, key?.rotatesAt]).toEqual([undefined, undefined]);
});

test("Vault: a period that is no whole number of days", async () => {
  expect((await theOnly([transitKey("transit", "sops", { autoRotatePeriod: 5400 })]))?.rotation).toBe(
    "PT5400S",
  );
  expect((await theOnly([transitKey("transit", "sops", { autoRotatePeriod: 7200 })]))?.rotation).toBe("PT2H");
});

test("Vault: where the state has no times, the versions are told all the same", async () => {
  expect((await theOnly([transitKey("transit", "sops", { keys: [] })]))?.versions).toEqual([
    { version: "2", state: "usable" },
    { version: "3", state: "current" },
  ]);
});

test("the outputs alone tell the program's own key, with a Vault namespace in its address", async () => {
  const vaultTransitUri = "https://vault.example.com:8200/v1/team/a/transit/keys/sops";
  const { keys } = await reportOfOutputs(outputs({}, { vaultTransitUri }));
  expect(keys[0]).toMatchObject({ id: vaultTransitUri, current: "3", oldestUsable: "1", rotation: "P90D" });
});

test("the outputs alone tell when versions were made", async () => {
  const versions = [
    { version: 2, created: "2026-06-01T00:00:00.000Z" },
    { version: 3, created: "2026-09-01T00:00:00.000Z" },
  ];
  const { keys } = await reportOfOutputs(outputs({ key: { ...audit().key, versions } }));
  expect(keys[0]).toMatchObject({
    versions: [
      { version: "1", state: "usable" },
      { version: "2", state: "usable", created: "2026-06-01T00:00:00.000Z" },
      { version: "3", state: "current", created: "2026-09-01T00:00:00.000Z" },
    ],
    rotatesAt: "2026-11-30T00:00:00.000Z",
  });
});

test("Azure: the version of the state, its times, and when it is due", async () => {
  const { keys } = await reportOfExport(exported([keyInAzure()], outputs({ azure: azureOutput() })));
  expect(keys[1]).toEqual({
    id: "https://kv-sops.vault.azure.net/keys/sops",
    backend: "azure",
    name: "kv-sops/keys/sops",
    type: "RSA-HSM 4096",
    current: "0123456789abcdef0123456789abcdef",
    versions: [
      { version: "0123456789abcdef0123456789abcdef", created: "2026-09-21T14:13:20.000Z", state: "current" },
    ],
    created: "2026-09-21T14:13:20.000Z",
    rotation: "P90D",
    rotatesAt: "2026-12-20T14:13:20.000Z",
    expires: "P2Y",
    expiresAt: "2028-08-16T00:53:20.000Z",
  });
});

test("Azure: the outputs alone tell what is wanted, and no version", async () => {
  const { keys } = await reportOfOutputs(outputs({ azure: azureOutput() }));
  expect(keys[1]).toMatchObject({ type: "RSA-HSM 4096", rotation: "P90D", expires: "P2Y", versions: [] });
  expect(keys[1]).not.toHaveProperty("current");
});
