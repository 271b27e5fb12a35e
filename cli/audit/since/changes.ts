import type { Finding } from "../finding";
import type { AuditReport, Changes } from "../report-schema";
import { compare } from "../severities";
import type { OldReport } from "./old-report";

type Current = Pick<
  AuditReport,
  "keys" | "identities" | "grants" | "deliveries" | "findings" | "files" | "checks"
>;
type Side = Pick<OldReport, "keys" | "identities" | "grants" | "deliveries">;

/** What has changed since an earlier report: rights first. A finding of a check that was not made both times has neither come nor gone. */
export function changesSince(old: OldReport, now: Current): Changes {
  const both = new Set(now.checks.filter((check) => old.checks.includes(check)));
  const looked = ({ origin }: Finding) => both.has(origin === "policy" ? "policies" : origin);
  const stale = old.files && now.files && ([old.files.stale, now.files.stale] as [number, number]);
  return {
    since: old.made,
    gained: rightsMissing(now, old),
    lost: rightsMissing(old, now),
    keys: keyChanges(old.keys, now.keys),
    deliveries: deliveryChanges(old.deliveries, now.deliveries),
    findings: {
      new: findingsMissing(now.findings, old.findings).filter(looked),
      gone: findingsMissing(old.findings, now.findings).filter(looked),
    },
    ...(stale && { files: { stale } }),
  };
}

/** Rights that one side gives and the other does not. */
function rightsMissing(side: Side, other: Side): Changes["gained"] {
  const given = new Map(other.grants.map(({ identity, key, rights }) => [idOf(identity, key), rights]));
  const names = new Map([...side.identities, ...side.keys].map(({ id, name }) => [id, name]));
  return side.grants
    .flatMap(({ identity, key, rights }) => {
      const had = given.get(idOf(identity, key)) ?? [];
      const more = rights.filter((right) => !had.includes(right));
      const [identityName, keyName] = [names.get(identity) ?? identity, names.get(key) ?? key];
      return more.length > 0 ? [{ identity, identityName, key, keyName, rights: more }] : [];
    })
    .sort(
      (a, b) => Number(isDecrypt(b.rights)) - Number(isDecrypt(a.rights)) || compare(a.identity, b.identity),
    );
}

const isDecrypt = (rights: readonly string[]) => rights.includes("decrypt");
const idOf = (...parts: readonly string[]) => JSON.stringify(parts);

/** What is told of a key, and how it is called. */
const FACTS = {
  type: "type",
  current: "current version",
  oldestUsable: "oldest version that decrypts",
  rotation: "time between rotations",
} as const;

function keyChanges(before: OldReport["keys"], after: OldReport["keys"]): Changes["keys"] {
  const old = new Map(before.map((key) => [key.id, key]));
  const now = new Map(after.map((key) => [key.id, key]));
  const gone = before.filter(({ id }) => !now.has(id)).map(({ name }) => ({ key: name, what: "is gone" }));
  const others = after.flatMap((key) => {
    const was = old.get(key.id);
    if (was === undefined) return [{ key: key.name, what: "is new" }];
    return (Object.keys(FACTS) as (keyof typeof FACTS)[]).flatMap((fact) => {
      if (was[fact] === key[fact]) return [];
      const words = `${FACTS[fact]}: ${was[fact] ?? "not known"} → ${key[fact] ?? "not known"}`;
      return [{ key: key.name, what: words }];
    });
  });
  return [...gone, ...others];
}

function deliveryChanges(
  before: OldReport["deliveries"],
  after: OldReport["deliveries"],
): Changes["deliveries"] {
  const old = new Map(before.map((delivery) => [delivery.name, delivery]));
  const now = new Map(after.map((delivery) => [delivery.name, delivery]));
  const facts = ({ identity, folder, source, branch }: OldReport["deliveries"][number]) =>
    idOf(identity, folder, source, branch);
  return {
    new: after.filter(({ name }) => !old.has(name)).map(({ name }) => name),
    gone: before.filter(({ name }) => !now.has(name)).map(({ name }) => name),
    changed: after.flatMap((delivery) => {
      const was = old.get(delivery.name);
      return was !== undefined && facts(was) !== facts(delivery) ? [delivery.name] : [];
    }),
  };
}

/** The same finding is of the same kind about the same thing; its words may have changed. */
function findingsMissing(findings: readonly Finding[], from: readonly Finding[]): Finding[] {
  const known = new Set(from.map(({ id, where }) => idOf(id, where)));
  return findings.filter(({ id, where }) => !known.has(idOf(id, where)));
}
