import { Provider } from "@pulumi/azure-native/provider";
import { describe, expect, test } from "vitest";
import { vaultNameIsFree } from "../../../components/azure/deleted-vault";
import type { Answer, GetOptions } from "../../../components/http/get";
import { type BuildOptions, build } from "../harness";

const wanted = {
  subscriptionId: "the-subscription",
  location: "westeurope",
  vaultName: "kv-sops",
  recover: false,
  path: "sopsloop:azure.vaults.weu",
};
const DELETED: Answer = {
  status: 200,
  text: '{"properties":{"deletionDate":"2026-11-01T10:00:00Z","scheduledPurgeDate":"2027-01-30T10:00:00Z"}}',
};
const NONE: Answer = { status: 404, text: '{"error":{"code":"DeletedVaultNotFound"}}' };
const FORBIDDEN: Answer = { status: 403, text: "" };

interface Look {
  readonly recover?: boolean;
  readonly answer: Answer | Error;
  readonly options?: BuildOptions;
}

/** Looks a name up; tells what was asked of Azure. */
async function look({ recover = false, answer, options = { azureToken: "the-token" } }: Look) {
  const asked: (readonly [string, GetOptions])[] = [];
  await build(async () => {
    const provider = new Provider("azure", {});
    await vaultNameIsFree({ ...wanted, recover }, provider, async (url, given) => {
      asked.push([url, given]);
      if (answer instanceof Error) throw answer;
      return answer;
    });
  }, options);
  return asked;
}

test("Azure is asked by the deployer's own token", async () => {
  expect(await look({ answer: NONE })).toEqual([
    [
      "https://management.azure.com/subscriptions/the-subscription/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv-sops?api-version=2024-11-01",
      { headers: { Authorization: "Bearer the-token" }, timeoutMs: 10_000 },
    ],
  ]);
});

describe("a name that a deleted vault holds", () => {
  test("is refused with the date, the setting and the other way out", async () => {
    await expect(look({ answer: DELETED })).rejects.toThrow(
      "sopsloop:azure.vaults.weu.name: is kv-sops, which a deleted vault holds until 2027-01-30T10:00:00Z; set sopsloop:azure.vaults.weu.recover to true to bring it back with its keys, or choose another name",
    );
  });

  test("is welcome where it is to be brought back", async () => {
    await expect(look({ recover: true, answer: DELETED })).resolves.toHaveLength(1);
  });
});

test("with nothing to bring back, recover is refused", async () => {
  await expect(look({ recover: true, answer: NONE })).rejects.toThrow(
    "sopsloop:azure.vaults.weu.recover: is true, but no deleted vault has the name kv-sops; remove it",
  );
});

test.each([
  ["who may not look", { answer: FORBIDDEN }],
  ["whom nobody answers", { answer: new Error("ETIMEDOUT") }],
  ["who has no token", { answer: NONE, options: {} }],
])("a deployer %s is left to Azure's own refusal", async (_who, given) => {
  await expect(look(given)).resolves.toBeDefined();
});
