import { describe, expect, it } from "vitest";
import { DEFINITIONS } from "../../../sandbox/providers/azure-native/definitions";
import { azureNativeProvider } from "../../../sandbox/providers/azure-native/provider";
import recorded from "./support/only-official.json";
import { SdkModule } from "./support/sdk-types";
import { Surface } from "./support/surface";

/** Properties that only the official provider has: a new one in a table has to leave this list. */
const onlyOfficial: Readonly<
  Record<string, { readonly inputs?: readonly string[]; readonly outputs?: readonly string[] }>
> = recorded;

const modules = new Map<string, SdkModule>();

function sdkOf(token: string): { readonly sdk: SdkModule; readonly name: string } {
  const [, module = "", name = ""] = token.split(":");
  const sdk = modules.get(module) ?? new SdkModule(module);
  modules.set(module, sdk);
  return { sdk, name };
}

describe.each(DEFINITIONS.map((definition) => [definition.token, definition] as const))(
  "%s",
  (token, definition) => {
    const { sdk, name } = sdkOf(token);
    const names = [...definition.path.matchAll(/\{(\w+)\}/g)].map(([, parameter = ""]) => parameter);
    const said = names.filter((parameter) => parameter !== "subscriptionId");

    it("takes the SDK's inputs by their names, each in its kind", () => {
      const surface = new Surface(sdk, "input");
      const args = sdk.resource(name, "input");
      surface.compare(
        definition.properties,
        new Map([...args].filter(([property]) => !said.includes(property))),
      );
      expect(surface.result.wrong).toEqual([]);
      expect(said.filter((parameter) => !args.has(parameter))).toEqual([]);
      expect(surface.result.missing).toEqual(onlyOfficial[token]?.inputs ?? []);
    });

    it("tells the SDK's outputs by their names, each in its kind", () => {
      const surface = new Surface(sdk, "output");
      const { outputs = definition.properties, apiVersion } = definition;
      const told = new Map(
        [...sdk.resource(name, "output")].filter(([property]) => property !== "azureApiVersion"),
      );
      surface.compare(outputs, told);
      expect(surface.result.wrong).toEqual([]);
      expect(surface.result.missing).toEqual(onlyOfficial[token]?.outputs ?? []);
      if (apiVersion !== undefined) expect(apiVersion).toBe(sdk.apiVersion(name));
    });
  },
);

it("has a data source of the SDK's for each type that has one", () => {
  const tokens = [...(azureNativeProvider.functions?.keys() ?? [])];
  const missing = tokens.filter((token) => {
    const { sdk, name } = sdkOf(token);
    return !sdk.hasFunction(name);
  });
  expect(missing).toEqual([]);
});
