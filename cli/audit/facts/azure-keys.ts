import { isObject, type PlainObject } from "../../preview-comment/secrets/pulumi-values";
import type { Key } from "../report-schema";
import type { AuditOutput } from "../source/audit-output";
import type { StackReading } from "../source/stack-reading";
import type { StateResource } from "../source/state-resource";
import { type KeyFact, numberAt, textAt } from "./facts";

const KEY = "azure-native:keyvault:Key";

/** The keys in Azure: the program's own, and whichever others the stack has. */
export function azureKeys({ resources }: StackReading, { azure }: AuditOutput): readonly KeyFact[] {
  const found = new Map<string, StateResource>();
  for (const state of resources.filter(({ type }) => type === KEY)) {
    const url = urlOf(textAt(state.values, "keyUri"));
    if (url !== undefined) found.set(url.toLowerCase(), state);
  }
  const own = (azure?.keys ?? []).map((record): KeyFact => {
    const url = urlOf(record.url) ?? record.url;
    const state = found.get(url.toLowerCase());
    found.delete(url.toLowerCase());
    const { vault, name, type, size, rotatesAfter, expiresAfter } = record;
    const rotation =
      rotatesAfter ?? (record.rotatesBeforeExpiry && `${record.rotatesBeforeExpiry} before it expires`);
    const made = state && madeOf(state.values);
    return {
      armId: state?.id.toLowerCase(),
      key: {
        ...{ id: url, backend: "azure", name: `${vault}/keys/${name}`, type: `${type} ${size}` },
        ...versionsOf(made),
        ...(rotation && { rotation }),
        ...dueAt(rotatesAfter, made?.created),
        ...(expiresAfter !== null && { expires: expiresAfter }),
      },
    };
  });
  return [...own, ...[...found.values()].map(keyFact)];
}

function keyFact({ id, values }: StateResource): KeyFact {
  const url = urlOf(textAt(values, "keyUri")) ?? "";
  const [, vault = "", name = ""] = /^https:\/\/([^./]+)[^/]*\/keys\/([^/]+)$/.exec(url) ?? [];
  const kty = textAt(values, "kty") ?? textAt(propertiesOf(values), "kty");
  const size = numberAt(values, "keySize") ?? numberAt(propertiesOf(values), "keySize");
  const type = [kty, size].filter((part) => part !== undefined).join(" ");
  return {
    armId: id.toLowerCase(),
    key: {
      ...{ id: url, backend: "azure", name: `${vault}/keys/${name}` },
      ...(type !== "" && { type }),
      ...versionsOf(madeOf(values)),
    },
  };
}

interface Made {
  /** Version that was current when the state was written. */
  readonly version: string | undefined;
  readonly created: string | undefined;
  readonly expires: string | undefined;
}

function madeOf(values: PlainObject): Made {
  const attributes = isObject(values.attributes) ? values.attributes : propertiesOf(values).attributes;
  const times = isObject(attributes) ? attributes : {};
  const time = (name: string) => {
    const seconds = numberAt(times, name);
    return seconds !== undefined && seconds > 0 ? new Date(seconds * 1000).toISOString() : undefined;
  };
  const version = /\/keys\/[^/]+\/([^/]+)\/?$/.exec(textAt(values, "keyUriWithVersion") ?? "")?.[1];
  return { version, created: time("created"), expires: time("exp") };
}

/** Of Azure's versions the state knows the one that was current when it was written. */
function versionsOf(made: Made | undefined): Pick<Key, "versions" | "created" | "expiresAt" | "current"> {
  if (made?.version === undefined) return { versions: [] };
  const { version, created, expires } = made;
  const known = { ...(created !== undefined && { created }) };
  return {
    current: version,
    versions: [{ version, ...known, state: "current" }],
    ...known,
    ...(expires !== undefined && { expiresAt: expires }),
  };
}

function propertiesOf({ properties }: PlainObject): PlainObject {
  return isObject(properties) ? properties : {};
}

/** When the next version is due, for the forms in which Azure takes the time between two: days, months, years. */
function dueAt(every: string | null, created: string | undefined): Pick<Key, "rotatesAt"> {
  const [, count, unit] = /^P(\d+)([DMY])$/.exec(every ?? "") ?? [];
  if (count === undefined || created === undefined) return {};
  const [time, steps] = [new Date(created), Number(count)];
  if (unit === "D") time.setUTCDate(time.getUTCDate() + steps);
  else time.setUTCMonth(time.getUTCMonth() + steps * (unit === "Y" ? 12 : 1));
  return { rotatesAt: time.toISOString() };
}

/** As sops files have it: no version, no slash at its end. */
function urlOf(uri: string | undefined): string | undefined {
  return uri?.replace(/\/+$/, "");
}
