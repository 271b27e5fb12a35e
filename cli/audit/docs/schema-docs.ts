import { join } from "node:path";
import { z } from "zod";
import { AUDIT_SCHEMA, auditReport, RIGHTS } from "../report-schema";

/** From the project folder. */
export const SCHEMA_FILE = join("docs", "audit-schema.json");
export const DOCS_FILE = join("docs", "audit-schema.md");

/** A piece of a JSON Schema, as far as it is told here. */
interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** The JSON Schema of a report. It lets fields be added: whoever checks reports by it must not refuse those of a later version. */
export function auditJsonSchema(): object {
  const schema = z.toJSONSchema(auditReport, {
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties;
    },
  });
  return { title: AUDIT_SCHEMA, ...schema };
}

/** The text of docs/audit-schema.md: every field of a report, one line each. */
export function auditSchemaDocs(): string {
  const introduction = `# The report of \`sopsloop audit\`, schema \`${AUDIT_SCHEMA}\`

<!-- Written by cli/audit/docs/generate.ts from cli/audit/report-schema.ts: change that, not this file. -->

What \`sopsloop audit --format json\` prints; [audit](audit.md) says what it means. The same as a JSON Schema: [audit-schema.json](audit-schema.json).
A field may be added without a new number; one that changes its meaning or goes away means a new number. A question mark: absent where it is not known, or not asked for.

Rights, what matters most first: ${RIGHTS.map((right) => `\`${right}\``).join(", ")}.

| field | form | meaning |
| --- | --- | --- |`;
  return `${introduction}\n${rowsOf("", z.toJSONSchema(auditReport) as Schema).join("\n")}\n`;
}

function rowsOf(path: string, { properties = {}, required = [] }: Schema): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const field = `${path}${name}`;
    const mark = required.includes(name) ? "" : "?";
    const row = `| \`${field}\`${mark} | ${formOf(schema)} | ${cell(schema.description ?? schema.items?.description ?? "")} |`;
    if (schema.type === "array" && schema.items?.properties)
      return [row, ...rowsOf(`${field}[].`, schema.items)];
    return [row, ...rowsOf(`${field}.`, schema)];
  });
}

function formOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (schema.anyOf) return schema.anyOf.map(formOf).join(" or ");
  if (schema.prefixItems) return `${schema.prefixItems.map(formOf).join(" and ")}`;
  if (schema.type === "array") return `list of ${schema.items ? formOf(schema.items) : "anything"}`;
  return [schema.type ?? "anything"].flat().join(" or ");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
