import { GROUP_NAMES, nearest } from "./known-names";
import {
  ageKey,
  awsKey,
  azureKey,
  gcpKey,
  huaweiKey,
  pgpKey,
  type ReadKey,
  vaultKey,
  type WantedKey,
} from "./wanted-key";

type Mapping = Readonly<Record<string, unknown>>;

/** Tells a problem with the setting at this path below the rule. */
export type Tell = (message: string, path: readonly (string | number)[]) => void;

/** The flat fields of a rule, in the order in which sops reads them. */
const FLAT = [
  ["age", ageKey],
  ["pgp", pgpKey],
  ["kms", awsKey],
  ["gcp_kms", gcpKey],
  ["hckms", huaweiKey],
  ["azure_keyvault", azureKey],
  ["hc_vault_transit_uri", vaultKey],
] as const;

/** The groups of keys that a rule names. `key_groups` win: sops then ignores the flat fields, which is told. */
export function readGroups(rule: Mapping, tell: Tell): WantedKey[][] {
  const groups = rule.key_groups;
  if (Array.isArray(groups) && groups.length > 0) {
    for (const [name] of FLAT)
      if (rule[name] !== undefined && rule[name] !== null)
        tell(`${name} beside key_groups is ignored by sops; move its keys into a group`, [name]);
    return groups.map((group, index) => {
      const keys = distinct(readGroup(group, ["key_groups", index], tell));
      if (keys.length === 0) tell("this key group names no key, which sops refuses", ["key_groups", index]);
      return keys;
    });
  }
  if (groups !== undefined && groups !== null && !Array.isArray(groups))
    tell("key_groups has to be a list", ["key_groups"]);
  const keys = FLAT.flatMap(([name, read]) =>
    accept(texts(rule[name], name, [name], tell), read, [name], tell),
  );
  return [keys];
}

function readGroup(group: unknown, path: readonly (string | number)[], tell: Tell): WantedKey[] {
  if (!isMapping(group)) {
    tell("a key group has to be a mapping", path);
    return [];
  }
  for (const name of Object.keys(group).filter((name) => !GROUP_NAMES.includes(name))) {
    const meant = nearest(name, GROUP_NAMES);
    tell(
      `sops does not know ${name} in a key group and ignores it${meant ? `; did you mean ${meant}?` : ""}`,
      [...path, name],
    );
  }
  const list = (name: string) => (Array.isArray(group[name]) ? (group[name] as unknown[]) : []);
  const plain = (name: string, read: (text: string) => ReadKey) =>
    accept(
      list(name).flatMap((text) => (typeof text === "string" ? [text] : [])),
      read,
      [...path, name],
      tell,
    );
  return [
    ...list("merge").flatMap((inner, index) => readGroup(inner, [...path, "merge", index], tell)),
    ...list("age").flatMap((text) =>
      typeof text === "string" ? accept(text.split(","), ageKey, [...path, "age"], tell) : [],
    ),
    ...plain("pgp", pgpKey),
    ...list("kms").flatMap((key) => awsEntry(key)),
    ...list("gcp_kms").flatMap((key) =>
      accept(field(key, "resource_id"), gcpKey, [...path, "gcp_kms"], tell),
    ),
    ...list("hckms").flatMap((key) => accept(field(key, "key_id"), huaweiKey, [...path, "hckms"], tell)),
    ...list("azure_keyvault").flatMap((key, index) =>
      azureEntry(key, [...path, "azure_keyvault", index], tell),
    ),
    ...plain("hc_vault", vaultKey),
  ];
}

function awsEntry(entry: unknown): WantedKey[] {
  const [role] = field(entry, "role");
  return field(entry, "arn").map((arn) => ({ kind: "kms", key: arn, ...(role && { role }) }));
}

function azureEntry(entry: unknown, path: readonly (string | number)[], tell: Tell): WantedKey[] {
  const [url = ""] = field(entry, "vaultUrl");
  const [name = ""] = field(entry, "key");
  const [version] = field(entry, "version");
  if (url.endsWith("/"))
    tell(`vaultUrl "${url}" ends in a slash, so that sops takes it for another key; leave it out`, path);
  return accept(
    [`${url.replace(/\/+$/, "")}/keys/${name}${version ? `/${version}` : ""}`],
    azureKey,
    path,
    tell,
  );
}

/** One text with commas, or a list of texts. */
function texts(value: unknown, name: string, path: readonly (string | number)[], tell: Tell): string[] {
  if (value === undefined || value === null || value === "") return [];
  if (typeof value === "string") {
    return value
      .split(",")
      .map((text) => text.trim())
      .filter((text) => text !== "");
  }
  if (Array.isArray(value) && value.every((text) => typeof text === "string"))
    return value.flatMap((text) => text.split(",")).filter((text) => text !== "");
  tell(`${name} has to be a text or a list of texts; sops refuses it`, path);
  return [];
}

function accept(
  found: readonly string[],
  read: (text: string) => ReadKey,
  path: readonly (string | number)[],
  tell: Tell,
): WantedKey[] {
  return found.flatMap((text) => {
    const key = read(text);
    if (!("problem" in key)) return [key];
    tell(key.problem, path);
    return [];
  });
}

function distinct(keys: readonly WantedKey[]): WantedKey[] {
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}

function field(entry: unknown, name: string): string[] {
  const value = isMapping(entry) ? entry[name] : undefined;
  return typeof value === "string" && value !== "" ? [value] : [];
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
