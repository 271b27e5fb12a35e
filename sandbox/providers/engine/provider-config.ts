import { hasUnknown } from "./compare";
import { unknownProperties } from "./known-names";
import type { InputFailure, PlainMap, PlainValue, StandInProvider } from "./resource-type";

/** The engine's own entries among a provider's config. */
const ENGINE_KEYS: readonly string[] = ["version", "pluginDownloadURL", "pluginChecksums"];

type Provider = Pick<
  StandInProvider<unknown>,
  "name" | "configKeys" | "secretConfigKeys" | "jsonConfigKeys" | "checkConfig"
>;

/** What CheckConfig has against a provider's config, each with the property it is about. */
export function configFailures(provider: Provider, config: PlainMap): readonly InputFailure[] {
  const failures = unknownProperties(
    withoutEngineKeys(config),
    provider.configKeys,
    `the ${provider.name} stand-in provider`,
  );
  for (const key of provider.jsonConfigKeys ?? []) {
    const value = config[key];
    if (typeof value === "string" && !isJson(value))
      failures.push({ path: key, reason: `${key} is not JSON` });
  }
  if (failures.length > 0) return failures;
  return provider.checkConfig?.(decodeConfig(provider, config)) ?? [];
}

/** Config as the stand-in sees it: the engine's own entries gone, JSON texts parsed where the property is no text. */
export function decodeConfig(provider: Provider, config: PlainMap): PlainMap {
  const decoded: Record<string, PlainValue> = { ...withoutEngineKeys(config) };
  for (const key of provider.jsonConfigKeys ?? []) {
    const value = decoded[key];
    if (typeof value === "string") decoded[key] = JSON.parse(value) as PlainValue;
  }
  return decoded;
}

/** Configure is not to be called before every value is known; this says which one is not. */
export function unknownConfigKey(config: PlainMap): string | undefined {
  return Object.keys(config).find((key) => hasUnknown(config[key]));
}

function withoutEngineKeys(config: PlainMap): PlainMap {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !ENGINE_KEYS.includes(key)));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
