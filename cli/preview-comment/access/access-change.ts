import { compare } from "../preview/compare";
import { type Grant, grantsOf } from "./access";
import { type AuditReport, auditReportOf, type Delivery } from "./audit-report";

/** What became of one thing. `unclear`: what is known of it stays, and a part of it is known only after apply. */
export type Fate = "gone" | "changed" | "new" | "unclear" | "same";

export interface Pair<T> {
  readonly name: string;
  readonly fate: Fate;
  readonly before?: T;
  readonly after?: T;
}

/** Two lists against each other. Where one side is not known, the other is told as it is, and nothing is said to have changed. */
export interface Compared<T> {
  /** Why a side is not known. */
  readonly unknown: { readonly before?: string; readonly after?: string };
  readonly pairs: readonly Pair<T>[];
}

export interface KeyFacts {
  /** `transit/keys/sops` */
  readonly key: string;
  readonly type: string | undefined;
  readonly minDecryptionVersion: number | undefined;
}

/** What a change does to who can decrypt, as the stack's output `audit` has it before and after. */
export interface AccessChange {
  readonly key: { readonly before?: KeyFacts; readonly after?: KeyFacts };
  /** By name of the login. */
  readonly logins: Compared<Grant>;
  /** What Flux decrypts and as whom, by namespace and name. */
  readonly deliveries: Compared<Delivery>;
}

/** One side: the value of the output, or why there is none. */
export type AuditSide = { readonly value: unknown } | { readonly unknown: string };

/** What a report that does not tell something means on each side. */
const NOT_TOLD = {
  before: "its audit report has another form than this program's",
  after: "it is known only once this is applied",
} as const;

export function accessChange(before: AuditSide, after: AuditSide): AccessChange {
  const [old, now] = [reportOf(before, NOT_TOLD.before), reportOf(after, NOT_TOLD.after)];
  const [oldKey, newKey] = [keyOf(old), keyOf(now)];
  return {
    key: { ...(oldKey && { before: oldKey }), ...(newKey && { after: newKey }) },
    logins: comparedPart(old, now, grantsOf, ({ login }) => login),
    deliveries: comparedPart(old, now, deliveriesOf, deliveryName),
  };
}

export function deliveryName({ namespace, kustomization }: Delivery): string {
  return `${namespace}/${kustomization}`;
}

/** Undefined where the report does not tell all of them. */
export function deliveriesOf({ decryption }: AuditReport): readonly Delivery[] | undefined {
  const known = decryption?.filter(
    (entry) => entry?.namespace !== undefined && entry.kustomization !== undefined,
  );
  return known?.length === decryption?.length ? known?.filter((entry) => entry !== undefined) : undefined;
}

function reportOf(side: AuditSide, notTold: string): AuditReport | string {
  if ("unknown" in side) return side.unknown;
  return auditReportOf(side.value) ?? notTold;
}

function comparedPart<T extends object>(
  old: AuditReport | string,
  now: AuditReport | string,
  read: (report: AuditReport) => readonly T[] | undefined,
  nameOf: (item: T) => string,
): Compared<T> {
  const partOf = (report: AuditReport | string, notTold: string) =>
    typeof report === "string" ? report : (read(report) ?? notTold);
  return compared(partOf(old, NOT_TOLD.before), partOf(now, NOT_TOLD.after), nameOf);
}

function keyOf(report: AuditReport | string): KeyFacts | undefined {
  const key = typeof report === "string" ? undefined : report.key;
  if (key?.mount === undefined || key.name === undefined) return undefined;
  const { mount, name, type, minDecryptionVersion } = key;
  return { key: `${mount}/keys/${name}`, type, minDecryptionVersion };
}

function compared<T extends object>(
  before: readonly T[] | string,
  after: readonly T[] | string,
  nameOf: (item: T) => string,
): Compared<T> {
  const [old, now] = [byName(before, nameOf), byName(after, nameOf)];
  const isKnown = typeof before !== "string" && typeof after !== "string";
  return {
    unknown: {
      ...(typeof before === "string" && { before }),
      ...(typeof after === "string" && { after }),
    },
    pairs: [...new Set([...old.keys(), ...now.keys()])].sort(compare).map((name) => {
      const [one, other] = [old.get(name), now.get(name)];
      const fate = isKnown ? fateOf(one, other) : "same";
      return { name, fate, ...(one && { before: one }), ...(other && { after: other }) };
    }),
  };
}

function byName<T>(side: readonly T[] | string, nameOf: (item: T) => string): ReadonlyMap<string, T> {
  return new Map(typeof side === "string" ? [] : side.map((item) => [nameOf(item), item]));
}

function fateOf(one: object | undefined, other: object | undefined): Fate {
  if (one === undefined) return "new";
  if (other === undefined) return "gone";
  const [old, now] = [knownOf(one), knownOf(other)];
  const both = Object.keys(old).filter((part) => Object.hasOwn(now, part));
  if (both.some((part) => JSON.stringify(old[part]) !== JSON.stringify(now[part]))) return "changed";
  return JSON.stringify(one) === JSON.stringify(other) ? "same" : "unclear";
}

/** The parts that can be compared. Rights are none of them where a policy is not known: there may be more. */
function knownOf(item: object): Readonly<Record<string, unknown>> {
  const parts = Object.entries(item).filter(([, value]) => value !== undefined);
  const isUnclear = parts.some(
    ([name, value]) => name === "unknown" && Array.isArray(value) && value.length > 0,
  );
  return Object.fromEntries(
    parts.filter(([name]) => name !== "unknown" && !(isUnclear && name === "rights")),
  );
}
