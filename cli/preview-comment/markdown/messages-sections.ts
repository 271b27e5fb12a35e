import type { Diagnostic, PolicyFinding } from "../preview/preview";
import { partsOf } from "../preview/step";
import type { Report } from "../report";
import type { Budget } from "./budget";
import { code, cut, fence } from "./escape";

const LONGEST_MESSAGE = 2_000;
const LONGEST_FINDING = 600;

/** What the policy packs found. */
export function findingsSection({ findings }: Report, budget: Budget): string[] {
  if (findings === undefined)
    return [
      "### Policies",
      "Whether policies are kept is not known: this form of the preview leaves it out (`PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true` has it).",
    ];
  if (findings.length === 0) return [];
  const { texts, left } = budget.fit("findings", findings, findingLine);
  return [
    "### Policies",
    texts.join("\n"),
    ...(left.length > 0 ? [`… and ${left.length} more, left out here; \`--json\` has them.`] : []),
  ];
}

function findingLine({ level, policy, pack, urn, message }: PolicyFinding): string {
  const known = ["mandatory", "remediate", "advisory"].includes(level);
  const how = level === "remediate" ? "mended" : known ? level : code(level);
  const where = urn === undefined ? "" : ` on ${resource(urn)}`;
  const by = pack === "" ? code(policy) : `${code(policy)} of ${code(pack)}`;
  return `- ${level === "mandatory" ? `❌ **${how}**` : how}: ${by}${where}: ${code(message, LONGEST_FINDING)}`;
}

/** What the engine and the program have to say: errors in the open, all else folded. */
export function messagesSection({ diagnostics }: Report, budget: Budget): string[] {
  if (diagnostics.length === 0) return [];
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const others = diagnostics.filter(({ severity }) => severity !== "error");
  const [first, second] = [
    budget.fit("messages", errors, messageBlock),
    budget.fit("messages", others, messageBlock),
  ];
  const left = first.left.length + second.left.length;
  const folded = `<details><summary>${others.length} ${others.length === 1 ? "message" : "messages"}</summary>\n\n${second.texts.join("\n\n")}\n\n</details>`;
  return [
    "### Messages",
    ...first.texts,
    ...(second.texts.length > 0 ? [folded] : []),
    ...(left > 0 ? [`… and ${left} more, left out here; \`--json\` has them.`] : []),
  ];
}

function messageBlock({ severity, urn, message }: Diagnostic): string {
  const about = urn === undefined ? "" : ` about ${resource(urn)}`;
  const kind = new Map([
    ["error", "❌ **error**"],
    ["warning", "warning"],
    ["info", "printed"],
    ["info#err", "printed to standard error"],
  ]).get(severity);
  return `${kind ?? code(severity)}${about}:\n\n${fence("text", cut(message, LONGEST_MESSAGE).split("\n"))}`;
}

function resource(urn: string): string {
  const { type, name } = partsOf(urn);
  return name === "" ? code(urn) : `${code(name)} (${code(type)})`;
}
