import { CHANGE_KINDS } from "../preview/preview";
import type { Report, ReportedChange } from "../report";
import type { Budget } from "./budget";
import { code, fence, htmlCode } from "./escape";
import { propertyLines } from "./property-diff";

/** Names of properties that a line of the table has. */
const NAMED = 4;

/** The table of what changes. What is deleted or replaced of the loop is marked, and never left out. */
export function changesTable({ changes }: Report, budget: Budget): string[] {
  if (changes.length === 0) return [];
  const must = budget.fit("must", changes.filter(isMarked), rowOf);
  const others = budget.fit(
    "changes",
    changes.filter((change) => !isMarked(change)),
    rowOf,
  );
  const left = [...must.left, ...others.left];
  const rows = [...must.texts, ...others.texts];
  return [
    "### What changes",
    ["| | resource | type | properties |", "|---|---|---|---|", ...rows].join("\n"),
    ...(left.length > 0 ? [`… and ${countsOf(left)}, left out here; \`--json\` has them.`] : []),
  ];
}

/** What is deleted or replaced of the loop. */
export function isMarked({ kind, guarded }: ReportedChange): boolean {
  return guarded !== undefined && (kind === "delete" || kind === "replace");
}

/** The properties of each resource that is not new as a whole, line by line, folded. New ones come last, and so are cut first. */
export function propertiesSection({ changes }: Report, budget: Budget): string[] {
  const [old, created] = [
    changes.filter(({ kind }) => kind !== "create"),
    changes.filter(({ kind }) => kind === "create"),
  ];
  const telling = [...old, ...created].filter(({ properties }) => properties.length > 0);
  if (telling.length === 0) return [];
  const { texts, left } = budget.fit("properties", telling, detailsOf);
  return [
    "### Properties",
    ...texts,
    ...(left.length > 0 ? [`… and those of ${countsOf(left)}, left out here; \`--json\` has them.`] : []),
  ];
}

function rowOf(change: ReportedChange): string {
  const { kind, op, type, name, guarded, isProtected, isRetained } = change;
  const what = kind === "other" ? code(op) : kind;
  const flags = [
    ...(isProtected ? ["protected"] : []),
    ...(isRetained && kind === "delete" ? ["retained"] : []),
  ];
  const label = [isMarked(change) ? `⚠️ **${what}**` : what, ...(guarded ? [guarded] : [])].join(" ");
  const marks = flags.length > 0 ? ` (${flags.join(", ")})` : "";
  return `| ${label}${marks} | ${code(name)} | ${code(type)} | ${propertiesOf(change)} |`;
}

function propertiesOf({ kind, properties }: ReportedChange): string {
  // Of a new resource they are all new.
  if (kind === "create") return "";
  const more = properties.length > NAMED ? `, ${properties.length - NAMED} more` : "";
  const named = properties.slice(0, NAMED).map(({ path, forcesReplacement }) => {
    const shown = code(path, 80);
    return forcesReplacement ? `${shown} (forces it)` : shown;
  });
  return `${named.join(", ")}${more}`;
}

function detailsOf({ kind, name, type, urn, properties }: ReportedChange): string {
  const summary = `<summary>${kind} ${htmlCode(name)} ${htmlCode(type)}</summary>`;
  const lines = properties.flatMap(propertyLines);
  return `<details>${summary}\n\n${code(urn, 500)}\n\n${fence("diff", lines)}\n\n</details>`;
}

/** `2 updates, 4,800 creates` */
function countsOf(changes: readonly ReportedChange[]): string {
  return CHANGE_KINDS.map((kind) => [kind, changes.filter((change) => change.kind === kind).length] as const)
    .filter(([, count]) => count > 0)
    .map(
      ([kind, count]) =>
        `${count} ${kind === "other" ? "of other kinds" : `${kind}${count === 1 ? "" : "s"}`}`,
    )
    .join(", ");
}
