import type { Facts } from "./facts/facts";
import { configFindings } from "./files/config-findings";
import { filesPart, withFiles } from "./files/files-part";
import type { FilesReading } from "./files/files-reading";
import { fileFindings } from "./findings/file-findings";
import type { PolicyReading } from "./findings/policy-findings";
import { grantsOf } from "./grants/grants-of";
import { withLive } from "./grants/live-grants";
import type { LiveReading } from "./live/live-reading";
import type { AuditReport, Delivery, Files, Grant, Identity, Key } from "./report-schema";
import { compare, type SEVERITIES, worstFirst } from "./severities";
import { changesSince } from "./since/changes";
import type { OldReport } from "./since/old-report";
import type { VaultLogReading } from "./vault-log/vault-log-reading";

/** What a report is made of. Everything but the stack is absent where it was not asked for. */
export interface ReportSources {
  readonly made: Date;
  readonly stack: string | undefined;
  readonly source: AuditReport["source"];
  readonly facts: Facts;
  readonly policies?: PolicyReading | undefined;
  readonly files?: FilesReading | undefined;
  readonly live?: LiveReading | undefined;
  readonly vaultLog?: VaultLogReading | undefined;
  readonly old?: OldReport | undefined;
}

/** The audit report, as plain data. What is not in here no format shows. */
export function reportOf(sources: ReportSources): AuditReport {
  const { facts, policies, live, vaultLog } = sources;
  const files = sources.files && filesPart(sources.files, facts.deliveries);
  const keys = facts.keys.map(({ key }) => key);
  const access = inGroups(withLive(grantsOf(facts), live?.grants ?? [], keys));
  const readings = [policies, live, vaultLog].filter((reading) => reading !== undefined);
  const findings = worstFirst([
    ...readings.flatMap((reading) => reading.findings),
    ...(sources.files ? [...configFindings(sources.files), ...fileFindings(sources.files)] : []),
  ]);
  const known = {
    keys: files ? withFiles(keys, files) : keys,
    ...access,
    deliveries: facts.deliveries.map((delivery) => withKeys(delivery, access.grants, keys, files)),
    ...(files && { files }),
    findings,
    checks: checksOf(sources),
  };
  return {
    schema: "sopsloop.audit/1",
    made: sources.made.toISOString(),
    ...(sources.stack !== undefined && { stack: sources.stack }),
    source: sources.source,
    summary: summaryOf(known),
    ...known,
    triggers: [...facts.triggers],
    ...(vaultLog && { log: logPart(vaultLog) }),
    skipped: [policies, live].flatMap((reading) => reading?.skipped ?? []),
    ...(sources.old && { changes: changesSince(sources.old, known) }),
  };
}

function checksOf({ policies, files, live, vaultLog }: ReportSources): string[] {
  const made = { policies, files, live, "vault-log": vaultLog };
  return Object.entries(made).flatMap(([check, reading]) => (reading === undefined ? [] : [check]));
}

/** Which keys Flux opens it by: those that its account may decrypt by, and of these, where files are known, those that they name. */
function withKeys(
  delivery: Facts["deliveries"][number],
  grants: readonly Grant[],
  keys: readonly Key[],
  files: Files | undefined,
): Delivery {
  const built = files?.list.filter((file) => file.deliveries.includes(delivery.name));
  const named = new Set(built?.flatMap((file) => file.keys.map(({ key }) => key)));
  const mine = grants.filter(
    ({ identity, rights }) => identity === delivery.identity && rights.includes("decrypt"),
  );
  const usable = new Set(mine.map(({ key }) => key));
  return {
    ...delivery,
    keys: keys.map(({ id }) => id).filter((id) => usable.has(id) && (named.size === 0 || named.has(id))),
    ...(built && { files: built.length }),
  };
}

function summaryOf(known: Pick<AuditReport, "keys" | "identities" | "grants" | "findings" | "files">) {
  const count = (severity: (typeof SEVERITIES)[number]) =>
    known.findings.filter((finding) => finding.severity === severity).length;
  const decrypting = known.grants.filter(({ rights }) => rights.includes("decrypt"));
  return {
    keys: known.keys.length,
    identities: known.identities.length,
    decryptors: new Set(decrypting.map(({ identity }) => identity)).size,
    findings: {
      critical: count("critical"),
      high: count("high"),
      medium: count("medium"),
      low: count("low"),
    },
    ...(known.files && { stale: known.files.stale }),
  };
}

/** Identities in their groups. */
function inGroups({
  grants,
  identities,
}: {
  readonly grants: readonly Grant[];
  readonly identities: readonly Identity[];
}) {
  return {
    grants: [...grants].sort((a, b) => compare(a.identity, b.identity) || compare(a.key, b.key)),
    identities: [...identities].sort((a, b) => compare(a.group, b.group) || compare(a.name, b.name)),
  };
}

/** Without what is not known, which JSON has no word for. */
function logPart({ findings: _, from, to, uses, ...log }: VaultLogReading): NonNullable<AuditReport["log"]> {
  return {
    ...{ lines: log.lines, unreadable: log.unreadable },
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    uses: uses.map(({ by, ...use }) => ({ ...use, ...(by !== undefined && { by }) })),
    refusedLogins: log.refusedLogins.map((logins) => ({ ...logins, addresses: [...logins.addresses] })),
    changes: [...log.changes],
  };
}
