import { code } from "../../preview-comment/markdown/escape";
import { spanBetween, wordsOf } from "../duration";
import type { AuditReport, Grant } from "../report-schema";
import { versionName } from "../version-name";
import { rightWords } from "./rights";
import { folded, section, table } from "./table";

/** Paths of one cell. */
const SHOWN = 3;

/** Who may decrypt, what else anybody may do, and what the keys are. */
export function accessSections(report: AuditReport): string[] {
  const { grants, deliveries, triggers } = report;
  const names = new Map([...report.identities, ...report.keys].map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => code(names.get(id) ?? id);
  const decrypting = grants.filter(({ rights, unknown }) => rights.includes("decrypt") || unknown.length > 0);
  const others = grants.filter((grant) => !decrypting.includes(grant));
  const cells = (grant: Grant) => [
    nameOf(grant.identity),
    nameOf(grant.key),
    rightsCell(grant),
    pathsCell(grant),
  ];
  const heads = ["who", "key", "may", "by"];
  return [
    ...section("Who may decrypt", table(heads, decrypting, cells)),
    ...folded("Who else may do something with a key", table(heads, others, cells)),
    ...section("Keys", keysTable(report)),
    ...section(
      "What Flux decrypts",
      table(
        ["Kustomization", "folder", "as", "by"],
        deliveries,
        ({ name, folder, source, branch, identity, keys }) => [
          code(name),
          `${code(folder)} of ${code(`${source}@${branch}`)}`,
          nameOf(identity),
          keys.length === 0 ? "**no key that it may use**" : keys.map(nameOf).join(", "),
        ],
      ),
    ),
    ...folded(
      "What starts pipelines",
      table(["what", "kind", "starts", "when"], triggers, ({ name, kind, starts, when }) => [
        code(name),
        kind,
        code(starts),
        code(when),
      ]),
    ),
  ];
}

function rightsCell({ rights, unknown, origin }: Grant): string {
  const known = rightWords(rights);
  const more = unknown.length === 0 ? [] : [`not known: ${unknown.map((why) => code(why)).join(", ")}`];
  const live = origin === "live" ? ["**not declared**"] : [];
  return [known.join(", "), ...more, ...live].filter((part) => part !== "").join("; ");
}

function pathsCell({ paths }: Grant): string {
  if (paths.length === 0) return "the key itself";
  const shown = paths.slice(0, SHOWN).map(({ login, policies }) => {
    return [login, ...(policies.length > 0 ? [policies.join(", ")] : [])]
      .map((part) => code(part))
      .join(" → ");
  });
  return `${shown.join("; ")}${paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : ""}`;
}

function keysTable({ keys, made, files }: AuditReport): string[] {
  return table(["key", "type", "version", "age of it", "rotates", "files"], keys, (key) => {
    const current = key.versions.find(({ state, version }) => state === "current" && version === key.current);
    const due = key.rotatesAt;
    const late = due !== undefined && due < made ? ", **overdue**" : "";
    const every = key.rotation === undefined ? "by people only" : `every ${code(wordsOf(key.rotation))}`;
    const counts = key.versions.filter((version) => (version.files ?? 0) > 0);
    return [
      code(key.name),
      key.type === undefined ? "—" : code(key.type),
      key.current === undefined ? "—" : code(versionName(key.current)),
      current?.created === undefined ? "—" : spanBetween(current.created, made),
      key.backend === "vault" || key.backend === "azure" ? `${every}${late}` : "—",
      files === undefined
        ? "—"
        : counts.map(({ version, files: count }) => `${code(versionName(version))}: ${count}`).join(", ") ||
          "0",
    ];
  });
}
