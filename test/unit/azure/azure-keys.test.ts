import { Provider } from "@pulumi/azure-native/provider";
import { beforeEach, expect, test, vi } from "vitest";
import type { AzureConfig } from "../../../components/azure-keys";
import { vaultNamesAreFree } from "../../../components/azure-keys";
import { parse } from "../config/parsing";
import { sampleConfig } from "../config/sample";
import { type BuildOptions, build } from "../harness";
import { fullAzure } from "./sample";

const { get } = vi.hoisted(() => ({ get: vi.fn() }));
vi.mock("../../../components/http/get", () => ({ get }));

function config(changes: object = {}): AzureConfig {
  const parsed = parse({ ...sampleConfig(), azure: fullAzure({ relay: undefined, ...changes }) });
  if (!parsed.ok || !parsed.settings.azure) throw new Error("the sample is no config");
  const { alertAddress: _, gitlabVariables: __, relayReadToken: ___, azure, ...settings } = parsed.settings;
  return { ...settings, azure };
}

const look = (changes?: object, options: BuildOptions = {}) =>
  build(() => vaultNamesAreFree(config(changes), new Provider("azure", {})), {
    azureToken: "the-token",
    ...options,
  });

beforeEach(() => {
  get.mockReset();
});

test("each vault is looked for in its own region, among those that were deleted", async () => {
  get.mockResolvedValue({ status: 404, text: "" });
  await look();
  const places = get.mock.calls.map(([url]) => /locations\/(.*)\?/.exec(String(url))?.[1]);
  expect(places.sort()).toEqual([
    "northeurope/deletedVaults/kv-sops-prod-neu",
    "westeurope/deletedVaults/kv-sops-prod-weu",
  ]);
});

test("one that is found stops the update, with its own key of the config", async () => {
  get.mockImplementation(async (url: string) => ({ status: url.includes("neu") ? 200 : 404, text: "{}" }));
  await expect(look()).rejects.toThrow(
    "sopsloop:azure.vaults.neu.name: is kv-sops-prod-neu, which a deleted vault holds until its purge; set sopsloop:azure.vaults.neu.recover to true to bring it back with its keys, or choose another name",
  );
});

test("a preview does not look", async () => {
  get.mockResolvedValue({ status: 200, text: "{}" });
  await look({}, { preview: true });
  expect(get).not.toHaveBeenCalled();
});
