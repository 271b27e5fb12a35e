import { styleText } from "node:util";
import { compareVersions } from "../backends/compare-versions";
import { CHECKS, type Check, type Finding } from "./finding";
import type { KeyStatus, TreeStatus } from "./tree-status";

/** Files that are named under each finding; `--json` has them all. */
const SHOWN = 20;

type Paint = (style: "bold" | "green" | "red" | "yellow" | "dim", text: string) => string;

/** The report for people: counts first, then the keys, then what was found, group by group. */
export function tableOf(status: TreeStatus, { colours }: { colours: boolean }): string {
  const paint: Paint = (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
  const blocks = [
    summaryLine(status, paint),
    keyLines(status.keys, paint),
    ...groupLines(status.findings, paint),
    skippedLines(status.skipped, paint),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function summaryLine({ summary }: TreeStatus, paint: Paint): string {
  const { files, fresh, stale, unknown, notLookedAt, findings } = summary;
  const found = findings === 0 ? paint("green", "nothing found") : paint("red", plural(findings, "finding"));
  if (files === 0) return `no files encrypted by sops; ${found}`;
  const counts = [
    paint("green", `${fresh} fresh`),
    stale > 0 ? paint("yellow", `${stale} stale`) : "0 stale",
    ...(unknown > notLookedAt ? [paint("yellow", `${unknown - notLookedAt} unknown`)] : []),
    ...(notLookedAt > 0 ? [`${notLookedAt} not looked at`] : []),
  ];
  return `${paint("bold", plural(files, "file"))}: ${counts.join(", ")}; ${found}`;
}

function keyLines(keys: readonly KeyStatus[], paint: Paint): string {
  if (keys.length === 0) return "";
  const lines = keys.map(({ kind, key, current, problem, notLookedAt, files }) => {
    const versions = Object.entries(files)
      .sort(([a], [b]) => compareVersions(a, b))
      .map(([version, count]) => `${version === "" ? "" : `version ${version}: `}${plural(count, "file")}`);
    const now =
      current === undefined
        ? problem
          ? paint("yellow", notLookedAt ? "not looked at" : "current version not known")
          : ""
        : `current ${current}`;
    return `  ${kind}  ${key}  ${[now, ...versions].filter((part) => part !== "").join(", ")}`;
  });
  return [paint("bold", "Keys"), ...lines].join("\n");
}

function groupLines(findings: readonly Finding[], paint: Paint): string[] {
  const groups = new Map<Check, Finding[]>();
  for (const finding of findings) groups.set(finding.check, [...(groups.get(finding.check) ?? []), finding]);
  return [...groups].map(([check, group]) => {
    const lines = group
      .slice(0, SHOWN)
      .map(
        ({ path, line, message }) =>
          `  ${plain(path)}${line > 1 ? `:${line}` : ""}  ${paint("dim", plain(message))}`,
      );
    const more = group.length > SHOWN ? [`  … and ${group.length - SHOWN} more; --json names all`] : [];
    return [`${paint("bold", `${group.length}`)} ${CHECKS[check].title}`, ...lines, ...more].join("\n");
  });
}

function skippedLines(skipped: TreeStatus["skipped"], paint: Paint): string {
  if (skipped.length === 0) return "";
  const lines = skipped.slice(0, SHOWN).map(({ path, why }) => `  ${plain(path)}  ${paint("dim", why)}`);
  const more = skipped.length > SHOWN ? [`  … and ${skipped.length - SHOWN} more`] : [];
  return [paint("bold", "Not looked into"), ...lines, ...more].join("\n");
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Names and texts come from files that others commit: they must not steer the terminal. */
function plain(text: string): string {
  return text.replace(/\p{Cc}|\p{Cf}/gu, "�");
}
