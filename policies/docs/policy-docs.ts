import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Rule } from "../rule";
import { RULES } from "../rules";

/** From the project folder. */
export const DOCS_FILE = join("docs", "policies.md");

const VENDORS: readonly (readonly [prefix: string, title: string])[] = [
  ["vault", "Vault"],
  ["kubernetes", "Kubernetes"],
  ["flux", "Flux"],
  ["gitlab", "GitLab"],
  ["azure", "Azure"],
  ["loop", "Between them"],
];

/** The text of docs/policies.md: the introduction, and every rule with what it says of itself. */
export function policyDocs(): string {
  const introduction = readFileSync(join(__dirname, "introduction.md"), "utf8").trimEnd();
  const mandatory = RULES.filter(({ enforcement }) => enforcement === "mandatory").length;
  const sections = VENDORS.map(([prefix, title]) => {
    const rules = RULES.filter(({ name }) => name.startsWith(`${prefix}-`));
    return [`## ${title}`, overviewOf(rules), ...rules.map(detailsOf)].join("\n\n");
  });
  const count = `## The rules\n\n${RULES.length} rules, ${mandatory} of them mandatory.`;
  return `${[introduction, count, ...sections].join("\n\n")}\n`;
}

function overviewOf(rules: readonly Rule[]): string {
  const rows = rules.map(
    ({ name, title, severity }) => `| [\`${name}\`](#${name}) | ${severity} | ${cell(title)} |`,
  );
  return ["| rule | severity | what has to hold |", "| --- | --- | --- |", ...rows].join("\n");
}

function detailsOf(rule: Rule): string {
  const { name, title, why, remedy, severity, enforcement, kind, types, references = [] } = rule;
  const facts = [
    `- **Why:** ${why}`,
    `- **To mend it:** ${remedy}`,
    `- ${severity}, ${enforcement}, ${kind} rule about ${types.map((type) => `\`${type}\``).join(", ")}`,
    ...limitsOf(rule),
    ...(references.length > 0
      ? [`- Same as: ${references.map(({ framework, id }) => `${framework} ${id}`).join(", ")}`]
      : []),
  ];
  return [`### ${name}`, `${title}.`, facts.join("\n")].join("\n\n");
}

function limitsOf({ limits }: Rule): string[] {
  const { properties = {} } = z.toJSONSchema(limits, { io: "input" });
  return Object.entries(properties).map(([name, schema]) => {
    if (typeof schema === "boolean") return `- Limit \`${name}\``;
    return `- Limit \`${name}\` (default \`${JSON.stringify(schema.default)}\`): ${schema.description ?? ""}`;
  });
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
