import type { InputFailure, PlainMap } from "../engine/resource-type";

/** Provider config, decoded. Every one of these is also a setting of the official provider, with the same default. */
export interface Settings {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** For objects that name no namespace. */
  readonly namespace?: string;
  /** Create takes over an object that exists already, instead of refusing. */
  readonly upsertExistingObjects: boolean;
  /** Take a field from another manager without asking. */
  readonly enablePatchForce: boolean;
  /** Change a Secret's data in place; otherwise the Secret is replaced. */
  readonly enableSecretMutable: boolean;
  /** The same for ConfigMaps. */
  readonly enableConfigMapMutable: boolean;
}

const TEXTS = ["kubeconfig", "context", "namespace"] as const;
const SWITCHES = [
  "upsertExistingObjects",
  "enablePatchForce",
  "enableSecretMutable",
  "enableConfigMapMutable",
] as const;
const SERVER_SIDE = "enableServerSideApply";

export const SWITCH_KEYS: readonly string[] = [SERVER_SIDE, ...SWITCHES];
export const SETTING_KEYS: readonly string[] = [...TEXTS, ...SWITCH_KEYS];

export const DEFAULT_SETTINGS: Settings = {
  upsertExistingObjects: false,
  enablePatchForce: false,
  enableSecretMutable: false,
  enableConfigMapMutable: false,
};

/** What is wrong with the known properties; unknown values pass. */
export function settingFailures(config: PlainMap): InputFailure[] {
  const failures: InputFailure[] = [];
  const expect = (key: string, type: "string" | "boolean") => {
    const value = config[key];
    if (value === undefined || value === null || typeof value === "symbol" || typeof value === type) return;
    failures.push({ path: key, reason: `${key} must be a ${type}` });
  };
  for (const key of TEXTS) expect(key, "string");
  for (const key of SWITCH_KEYS) expect(key, "boolean");
  if (config[SERVER_SIDE] === false) {
    failures.push({
      path: SERVER_SIDE,
      reason: "enableServerSideApply must not be false: the stand-in only knows server-side apply",
    });
  }
  return failures;
}

/** `config` has passed `settingFailures`, and all of it is known. */
export function readSettings(config: PlainMap): Settings {
  const texts: Record<string, string> = {};
  for (const key of TEXTS) {
    const value = config[key];
    if (typeof value === "string" && value !== "") texts[key] = value;
  }
  const switches = Object.fromEntries(SWITCHES.map((key) => [key, config[key] === true]));
  return { ...DEFAULT_SETTINGS, ...switches, ...texts };
}
