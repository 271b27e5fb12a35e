import type { PlainMap, PlainValue } from "../engine/resource-type";
import type { Properties } from "../engine/table/property";
import { isList, isMap } from "../engine/wire";

/** GitLab's numbers for the roles, by the provider's names. */
const LEVELS: Readonly<Record<string, number>> = { "no one": 0, developer: 30, maintainer: 40, admin: 60 };

export const LEVEL_NAMES = Object.keys(LEVELS);

/** Rows of one entry of `allowedToMerges` and its like. `extra` are the kinds of holders beside users and groups. */
export function entryRows(levels: readonly string[], extra: Properties = {}): Properties {
  return {
    accessLevel: { kind: "text", oneOf: levels },
    accessLevelDescription: { kind: "text", outputOnly: true },
    groupId: { kind: "integer" },
    userId: { kind: "integer" },
    ...extra,
  };
}

/** The number of a role by its name; the row's `oneOf` has refused other names. */
export function levelOf(name: PlainValue | undefined): number {
  return LEVELS[String(name)] ?? 0;
}

/** The role that GitLab lists first, without the entries for single users, groups or keys. */
export function firstRole(entries: PlainValue | undefined): string {
  return nameOf(listOf(entries).find((entry) => holderOf(entry) === undefined)?.access_level);
}

/** GitLab's entries in the provider's words. */
export function entriesOf(entries: PlainValue | undefined): PlainValue {
  return listOf(entries).map((entry) => ({
    ...(holderOf(entry) ?? { accessLevel: nameOf(entry.access_level) }),
    accessLevelDescription: entry.access_level_description ?? "",
  }));
}

/** What turns the live entries into the wanted ones: each new one, and a mark for each that has to go. */
export function entryChanges(live: PlainValue | undefined, wanted: PlainValue | undefined): PlainValue {
  const kept = listOf(live);
  const asked = listOf(wanted).map(requestOf);
  const added = asked.filter((request) => !kept.some((entry) => fits(entry, request)));
  const gone = kept.filter((entry) => !asked.some((request) => fits(entry, request)));
  const removals = gone.map(({ id = null }): PlainMap => ({ id, _destroy: true }));
  return [...added, ...removals];
}

function requestOf({ accessLevel, userId, groupId, deployKeyId }: PlainMap): PlainMap {
  if (userId !== undefined) return { user_id: userId };
  if (groupId !== undefined) return { group_id: groupId };
  if (deployKeyId !== undefined) return { deploy_key_id: deployKeyId };
  return { access_level: levelOf(accessLevel) };
}

function fits(entry: PlainMap, request: PlainMap): boolean {
  if ("access_level" in request && holderOf(entry) !== undefined) return false;
  return Object.entries(request).every(([name, value]) => entry[name] === value);
}

function holderOf({ user_id: user, group_id: group, deploy_key_id: key }: PlainMap): PlainMap | undefined {
  if (typeof user === "number") return { userId: user };
  if (typeof group === "number") return { groupId: group };
  return typeof key === "number" ? { deployKeyId: key } : undefined;
}

function nameOf(level: PlainValue | undefined): string {
  return LEVEL_NAMES.find((name) => LEVELS[name] === level) ?? String(level ?? "");
}

function listOf(entries: PlainValue | undefined): readonly PlainMap[] {
  return isList(entries) ? entries.filter(isMap) : [];
}
