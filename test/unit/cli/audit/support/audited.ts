import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuditReport, auditReport } from "../../../../../cli/audit/report-schema";
import { type AuditOptions, type AuditReaders, audit } from "../../../../../cli/commands/audit";
import { MADE } from "./stack";

/** What the command printed and how it ended. */
export interface Audited {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in a folder of its own on files with these contents, which are written as JSON unless they are texts. */
export async function audited(
  options: AuditOptions,
  files: Readonly<Record<string, unknown>> = {},
  readers: AuditReaders = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Audited> {
  const folder = mkdtempSync(join(tmpdir(), "sopsloop-audit-"));
  let [out, err] = ["", ""];
  const stdout = { write: (part: string) => (out += part) };
  const stderr = { write: (part: string) => (err += part) };
  try {
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
    const io = { stdout, stderr, env: { PATH: process.env.PATH, ...env }, cwd: folder, isTerminal: false };
    const code = await audit(options, io, readers, MADE);
    return { code, out, err };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The report of an exported stack, which its schema has been held against. */
export async function reportOfExport(
  exported: unknown,
  options: AuditOptions = {},
  readers: AuditReaders = {},
): Promise<AuditReport> {
  const { out } = await audited(
    { export: "s.json", format: "json", ...options },
    { "s.json": exported },
    readers,
  );
  return auditReport.parse(JSON.parse(out));
}

/** The report of outputs only. */
export async function reportOfOutputs(outputs: unknown): Promise<AuditReport> {
  const { out } = await audited({ outputs: "o.json", format: "json" }, { "o.json": outputs });
  return auditReport.parse(JSON.parse(out));
}

/** Who may do what with which key, one line each, in names. */
export function grantLines({ grants, identities, keys }: AuditReport): string[] {
  const names = new Map([...identities, ...keys].map(({ id, name }) => [id, name]));
  return grants.map(({ identity, key, rights, unknown }) => {
    const more = unknown.length > 0 ? ` (? ${unknown.join("; ")})` : "";
    return `${names.get(identity)} / ${names.get(key)}: ${rights.join(", ")}${more}`;
  });
}
