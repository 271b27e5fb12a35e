import type { Grant } from "../access/access";
import type { AccessChange, Compared, Fate, Pair } from "../access/access-change";
import type { Delivery } from "../access/audit-report";
import { UNKNOWN } from "../secrets/pulumi-values";
import { listOf, type Sentence } from "../sentence";
import { decryptLines, keyLines } from "./access-summary";
import type { Budget } from "./budget";
import { code, sentenceMarkdown } from "./escape";

const FATES: Readonly<Record<Fate, string>> = {
  gone: "**no more**",
  changed: "changes",
  new: "**new**",
  unclear: "may change",
  same: "as before",
};

/** Service accounts and jobs that one cell has. */
const SHOWN = 5;

/** Who can decrypt, and what else they may do with the key, before and after. */
export function accessSection(access: AccessChange | undefined, budget: Budget): string[] {
  if (access === undefined) return [];
  const { logins, deliveries } = access;
  return [
    "### Who can decrypt",
    ...keyLines(access.key),
    ...decryptLines(logins),
    ...unknownLines(logins.unknown),
    ...table(logins, ["login", "who", "may, before", "may, after"], loginCells, "login", budget),
    // One reason for both is enough.
    ...(JSON.stringify(deliveries.unknown) === JSON.stringify(logins.unknown)
      ? []
      : unknownLines(deliveries.unknown)),
    ...table(
      deliveries,
      ["Flux decrypts", "as", "folder, before", "folder, after"],
      deliveryCells,
      "Kustomization",
      budget,
    ),
  ];
}

function unknownLines({ before, after }: Compared<unknown>["unknown"]): string[] {
  return [
    ...(before === undefined ? [] : [`Who could before is not known: ${before}.`]),
    ...(after === undefined ? [] : [`Who can after this is not known: ${after}.`]),
  ];
}

function table<T>(
  { unknown, pairs }: Compared<T>,
  [first, ...others]: readonly string[],
  cellsOf: (pair: Pair<T>, unknown: Compared<T>["unknown"]) => readonly string[],
  one: string,
  budget: Budget,
): string[] {
  const isWhole = unknown.before === undefined && unknown.after === undefined;
  const telling = isWhole ? pairs.filter(({ fate }) => fate !== "same") : pairs;
  const same = pairs.length - telling.length;
  const staying =
    same > 0 ? [`${same} ${same === 1 ? `${one} stays as it is` : `${one}s stay as they are`}.`] : [];
  if (telling.length === 0) return staying;
  const ranked = [...telling].sort((a, b) => rank(a.fate) - rank(b.fate));
  const { texts, left } = budget.fit("access", ranked, (pair) => {
    const fate = isWhole ? FATES[pair.fate] : "";
    return `| ${[fate, code(pair.name), ...cellsOf(pair, unknown)].join(" | ")} |`;
  });
  const head = [`| | ${[first, ...others].join(" | ")} |`, `|---${"|---".repeat(1 + others.length)}|`];
  return [
    [...head, ...texts].join("\n"),
    ...(left.length > 0 ? [`… and ${left.length} more, left out here; \`--json\` has them.`] : []),
    ...staying,
  ];
}

function rank(fate: Fate): number {
  return Object.keys(FATES).indexOf(fate);
}

function loginCells({ before, after }: Pair<Grant>, unknown: Compared<Grant>["unknown"]): readonly string[] {
  return [
    changing(whoCell(before), whoCell(after)),
    sideOf(before, unknown.before, rightsCell),
    sideOf(after, unknown.after, rightsCell),
  ];
}

function deliveryCells(
  { before, after }: Pair<Delivery>,
  unknown: Compared<Delivery>["unknown"],
): readonly string[] {
  const account = (side: Delivery | undefined) => side && code(side.serviceAccount ?? UNKNOWN);
  return [
    changing(account(before), account(after)),
    sideOf(before, unknown.before, folderCell),
    sideOf(after, unknown.after, folderCell),
  ];
}

function sideOf<T>(side: T | undefined, unknown: string | undefined, cellOf: (side: T) => string): string {
  if (side !== undefined) return cellOf(side);
  return unknown === undefined ? "—" : "not known";
}

function changing(before: string | undefined, after: string | undefined): string {
  if (before === undefined || after === undefined || before === after) return after ?? before ?? "";
  return `${before}; **after this** ${after}`;
}

function whoCell(grant: Grant | undefined): string | undefined {
  if (grant === undefined) return undefined;
  const { who, audience } = grant;
  const people = who === undefined ? "not known yet" : listed(who);
  if (audience === null) return `${people}, with a token made for any server`;
  return `${people}, with a token for ${audience === undefined ? "a server that is not known yet" : code(audience)}`;
}

function rightsCell({ rights, policies, unknown }: Grant): string {
  const known = rights.map((right) => (right === "decrypt" ? "**decrypt**" : right)).join(", ");
  const by =
    policies === undefined || policies.length === 0 ? "" : ` (${sentenceMarkdown(listOf(policies))})`;
  if (unknown.length === 0) return `${known === "" ? "nothing" : known}${by}`;
  return `${known === "" ? "" : `${known}; `}not known: ${listed(unknown)}`;
}

function folderCell({ path, source, branch, targetNamespace }: Delivery): string {
  const [folder, from] = [path ?? UNKNOWN, `${source ?? UNKNOWN}@${branch ?? UNKNOWN}`];
  const into = targetNamespace === null ? "" : `, into ${code(targetNamespace ?? UNKNOWN)}`;
  return `${code(folder)} of ${code(from)}${into}`;
}

function listed(sentences: readonly Sentence[]): string {
  const more = sentences.length > SHOWN ? ` and ${sentences.length - SHOWN} more` : "";
  return `${sentences.slice(0, SHOWN).map(sentenceMarkdown).join("; ")}${more}`;
}
