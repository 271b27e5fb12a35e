import type { InputFailure, PlainMap, PlainValue } from "../engine/resource-type";
import { fromApi, type Properties, type Property, toApi, zeroOf } from "../engine/table/property";
import { textOf } from "../engine/values";
import { isList, isMap } from "../engine/wire";
import { remount } from "./mount-path";
import type { VaultClient } from "./vault-client";

/** The `tune` object of an authentication method's mount. */
const tuning: Properties = {
  defaultLeaseTtl: { kind: "text" },
  maxLeaseTtl: { kind: "text" },
  auditNonHmacRequestKeys: { kind: "list" },
  auditNonHmacResponseKeys: { kind: "list" },
  listingVisibility: { kind: "text", oneOf: ["unauth", "hidden"] },
  passthroughRequestHeaders: { kind: "list" },
  allowedResponseHeaders: { kind: "list" },
  tokenType: { kind: "text", oneOf: ["default-service", "default-batch", "service", "batch"] },
};

/** Vault keeps these as seconds, and has a default for each when it is not set. */
const DURATIONS: readonly string[] = ["defaultLeaseTtl", "maxLeaseTtl"];
/** Vault has a global default for these, which is no drift where the program says nothing. */
const DEFAULTED: readonly string[] = ["listingVisibility", "tokenType"];

/** Rows that every authentication method's mount has. `path` and `type` differ. */
export const authMountProperties = {
  description: { kind: "text" },
  local: { kind: "flag", replace: true },
  disableRemount: { kind: "flag", default: false },
  tune: { kind: "fields", computed: true },
  namespace: { kind: "text", replace: true },
  accessor: { kind: "text", outputOnly: true },
} as const satisfies Record<string, Property>;

/** What is wrong inside `tune`. */
export function tuneFailures({ tune }: PlainMap): InputFailure[] {
  if (!isMap(tune)) return [];
  return Object.keys(tune)
    .filter((name) => tuning[name] === undefined)
    .map((name) => ({
      path: `tune.${name}`,
      reason: `tune has no property "${name}"; it has ${Object.keys(tuning).join(", ")}`,
    }));
}

export async function enableAuth(vault: VaultClient, path: string, inputs: PlainMap): Promise<void> {
  await vault.write(`sys/auth/${path}`, {
    ...toApi(inputs, ["type", "description", "local"]),
    config: {},
    options: null,
  });
}

/** Moves the mount where its path changed, and writes what changed of `tune` and the description. Gives back its path. */
export async function changeAuth(
  vault: VaultClient,
  inputs: PlainMap,
  state: PlainMap,
  changed: ReadonlySet<string>,
): Promise<string> {
  const before = textOf(state.path);
  const path = textOf(inputs.path ?? state.path);
  if (changed.has("path")) await remount(vault, `auth/${before}`, `auth/${path}`);
  await tuneAuth(vault, path, {
    ...(changed.has("tune") && isMap(inputs.tune) ? tuneBody(inputs.tune) : {}),
    ...(changed.has("description") ? { description: inputs.description ?? "" } : {}),
  });
  return path;
}

export async function tuneAuth(vault: VaultClient, path: string, body: PlainMap): Promise<void> {
  if (Object.keys(body).length > 0) await vault.write(`sys/mounts/auth/${path}/tune`, body);
}

/** A whole `tune` as Vault takes it: what is not in it goes back to Vault's default. */
export function tuneBody(tune: PlainMap): PlainMap {
  const lists = Object.keys(tuning).filter((name) => tuning[name]?.kind === "list");
  const empty = Object.fromEntries(lists.map((name): [string, PlainValue] => [name, [""]]));
  return toApi({ ...empty, ...tune }, Object.keys(tuning));
}

export async function readAuth(
  vault: VaultClient,
  path: string,
  known: PlainMap | undefined,
): Promise<PlainMap | undefined> {
  const data = await vault.read(`sys/mounts/auth/${path}`);
  if (data === undefined) return undefined;
  // Only this path tells what holds in the end, Vault's own defaults included.
  const config = (await vault.read(`sys/mounts/auth/${path}/tune`)) ?? {};
  const wanted = isMap(known?.tune) ? known.tune : undefined;
  const { type, description, local, accessor } = data;
  return {
    type: type ?? "",
    description: description ?? "",
    local: local ?? false,
    accessor: accessor ?? "",
    tune: tuneOf(config, wanted),
    path,
  };
}

/** The live tuning in the words of the program, where it used any: `200s` stays `200s`. */
function tuneOf(config: PlainMap, wanted: PlainMap | undefined): PlainMap {
  const live: Record<string, PlainValue> = {};
  for (const [name, value] of Object.entries(fromApi(tuning, config))) {
    const row = tuning[name];
    if (row === undefined) continue;
    if (DURATIONS.includes(name)) live[name] = durationOf(value, wanted?.[name], wanted !== undefined);
    else if (DEFAULTED.includes(name) && wanted !== undefined && (wanted[name] ?? "") === "") live[name] = "";
    else live[name] = isList(value) ? value.filter((item) => item !== "") : value;
  }
  for (const [name, row] of Object.entries(tuning)) live[name] ??= zeroOf(row);
  return live;
}

function durationOf(seconds: PlainValue, wanted: PlainValue | undefined, isKnown: boolean): PlainValue {
  if (isKnown && (wanted ?? "") === "") return "";
  return isKnown && secondsIn(wanted) === seconds ? (wanted ?? "") : goDuration(Number(seconds));
}

/** `1h30m` → 5400. */
function secondsIn(duration: PlainValue | undefined): number | undefined {
  if (typeof duration !== "string") return undefined;
  if (/^\d+$/.test(duration)) return Number(duration);
  let seconds = 0;
  for (const [, amount, unit] of duration.matchAll(/(\d+)([dhms])/g)) {
    seconds += Number(amount) * ({ d: 86_400, h: 3600, m: 60, s: 1 }[unit ?? "s"] ?? 1);
  }
  return seconds;
}

/** 12000 → `3h20m`, in the form that the official provider shows. */
function goDuration(seconds: number): string {
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor((seconds % 3600) / 60),
    seconds % 60,
  ];
  const text = `${hours > 0 ? `${hours}h` : ""}${minutes > 0 ? `${minutes}m` : ""}${rest > 0 ? `${rest}s` : ""}`;
  return text === "" ? "0s" : text;
}
