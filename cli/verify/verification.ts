import { CliError } from "../errors/cli-error";
import { type Context, Fault, type Probe, type Row, Skip } from "./probe";

/** kubectl's word for what the caller's own account may not do. */
const NOT_ALLOWED = /\(Forbidden\)/;

/**
 * Runs probes one after the other. A failed one explains those that need it, and those that need them: these are skipped. One that
 * was skipped because the caller may not look explains nothing, so what needs it is still tried.
 */
export async function verification(
  probes: readonly Probe[],
  context: Context,
  advance: (row: Row) => void,
): Promise<Row[]> {
  const rows: Row[] = [];
  const causes = new Map<string, Row>();
  for (const probe of probes) {
    const cause = probe.needs.map((id) => causes.get(id)).find((found) => found !== undefined);
    const row = cause ? skippedFor(cause, probe) : await rowOf(probe, context);
    if (cause) causes.set(probe.id, cause);
    else if (row.result === "failed") causes.set(probe.id, row);
    advance(row);
    rows.push(row);
  }
  return rows;
}

function skippedFor(cause: Row, { id, title }: Probe): Row {
  return { id, title, result: "skipped", why: `needs "${cause.title}", which failed` };
}

async function rowOf({ id, title, run }: Probe, context: Context): Promise<Row> {
  try {
    return { id, title, result: "ok", why: await run(context) };
  } catch (error) {
    if (error instanceof Skip) return { id, title, result: "skipped", why: error.message };
    if (error instanceof Fault) return { id, title, result: "failed", why: error.message, next: error.next };
    if (!(error instanceof CliError)) throw error;
    if (NOT_ALLOWED.test(error.message)) return { id, title, result: "skipped", why: error.message };
    return { id, title, result: "failed", why: error.message, next: "vault status; kubectl cluster-info" };
  }
}
