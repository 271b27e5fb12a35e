import { code } from "../../preview-comment/markdown/escape";
import { counted, minuteOf } from "../duration";
import type { AuditReport } from "../report-schema";
import { SEVERITIES } from "../severities";
import { versionName } from "../version-name";
import { accessSections } from "./access-sections";
import { changesSection } from "./changes-section";
import { logSection } from "./log-section";
import { section, table } from "./table";

/** The report for a merge request or a mail: short, what is worst first. The same report gives the same text. */
export function markdownOf(report: AuditReport): string {
  const title = report.stack === undefined ? "## Audit" : `## Audit of ${code(report.stack)}`;
  const blocks = [
    title,
    summaryLines(report),
    ...changesSection(report.changes),
    ...findingsSection(report),
    ...accessSections(report),
    ...staleSection(report),
    ...logSection(report.log),
    ...skippedSection(report),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function summaryLines({ summary, source, checks, files, made }: AuditReport): string {
  const { keys, identities, decryptors, findings } = summary;
  const found = SEVERITIES.filter((severity) => findings[severity] > 0).map((severity) => {
    const words = `${findings[severity]} ${severity}`;
    return severity === "critical" || severity === "high" ? `**${words}**` : words;
  });
  const looked =
    checks.length === 0 ? "nothing was judged" : found.length === 0 ? "nothing found" : found.join(", ");
  const staleness =
    files === undefined
      ? ""
      : ` ${counted(files.list.length, "encrypted file")}: ${files.fresh} fresh, ${files.stale} stale, ${files.unknown} not known${files.asked ? "" : " by the versions that the state knows"}.`;
  const when =
    source.stateOf === undefined
      ? `Made ${minuteOf(made)}; when the outputs were written is not known.`
      : `By the state of ${minuteOf(source.stateOf)}; what has happened since is not in it.`;
  return [
    `${decryptors} of ${counted(identities, "identity").replace(/identitys$/, "identities")} may decrypt, by ${counted(keys, "key")}. Findings: ${looked}.${staleness}`,
    when,
  ].join("\n");
}

function findingsSection({ findings }: AuditReport): string[] {
  return section(
    "Findings",
    table(["severity", "what", "where", "to mend it"], findings, ({ id, severity, where, what, mend }) => {
      const shown = severity === "critical" || severity === "high" ? `**${severity}**` : severity;
      return [`${shown} ${code(id)}`, code(what, 300), code(where), code(mend, 300)];
    }),
  );
}

function staleSection({ files, keys }: AuditReport): string[] {
  const names = new Map(keys.map(({ id, name }) => [id, name]));
  const stale = files?.list.filter(({ state }) => state === "stale") ?? [];
  return section(
    "Stale files",
    table(
      ["file", "versions behind", "wrapped by", "Flux"],
      stale,
      ({ path, behind, keys: by, deliveries }) => [
        code(path),
        String(behind),
        by
          .map(({ key, version }) =>
            code(`${names.get(key) ?? key}${version === undefined ? "" : ` ${versionName(version)}`}`),
          )
          .join(", "),
        deliveries.length === 0 ? "—" : deliveries.map((name) => code(name)).join(", "),
      ],
    ),
  );
}

function skippedSection({ skipped }: AuditReport): string[] {
  return section(
    "Not looked at",
    table(["what", "why"], skipped, ({ id, why }) => [code(id), code(why)]),
  );
}
