import type { ReadFunction, StandInProvider } from "../engine/resource-type";
import { ArmType } from "./arm/arm-type";
import { type Azure, openAzure } from "./azure";
import { DEFINITIONS } from "./definitions";
import { DEPLOYER_FUNCTIONS } from "./deployer";
import { CONFIG_KEYS, configFailures, JSON_CONFIG_KEYS, SECRET_CONFIG_KEYS } from "./login/config";
import { settingsOf } from "./login/settings";

/** Types whose data source the SDK does not have, or has in another form. */
const WITHOUT_GETTER = ["azure-native:storage:Blob", "azure-native:web:WebAppApplicationSettings"];

const TYPES = DEFINITIONS.map((definition) => new ArmType(definition));

/** `azure-native:keyvault:Key` → `azure-native:keyvault:getKey`. */
function getterOf(token: string): string {
  return token.replace(/:(\w+)$/, ":get$1");
}

const GETTERS = TYPES.filter(({ token }) => !WITHOUT_GETTER.includes(token));

/** The stand-in for pulumi-azure-native: the resource types that the program declares, on Azure's own REST APIs. */
export const azureNativeProvider: StandInProvider<Azure> = {
  name: "azure-native",
  version: "3.28.0",
  types: new Map(TYPES.map((type) => [type.token, type])),
  functions: new Map<string, ReadFunction<Azure>>([
    ...DEPLOYER_FUNCTIONS,
    ...GETTERS.map((type): [string, ReadFunction<Azure>] => [
      getterOf(type.token),
      (azure, args) => type.get(azure, args),
    ]),
  ]),
  configKeys: CONFIG_KEYS,
  secretConfigKeys: SECRET_CONFIG_KEYS,
  jsonConfigKeys: JSON_CONFIG_KEYS,
  takesAssets: true,
  checkConfig: configFailures,
  configure: async (config) => openAzure(settingsOf(config, process.env)),
  cancel: (azure) => azure.stop(),
};
