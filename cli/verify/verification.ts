import { CliError } from "../errors/cli-error";
import { type Context, Fault, type Probe, type Row, Skip } from "./probe";

/** Runs probes one after the other: a failed one explains those that need it, which are skipped. */
export async function verification(
  probes: readonly Probe[],
  context: Context,
  advance: (row: Row) => void,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const probe of probes) {
    const row = await rowOf(probe, rows, context);
    advance(row);
    rows.push(row);
  }
  return rows;
}

async function rowOf(
  { id, title, needs, run }: Probe,
  before: readonly Row[],
  context: Context,
): Promise<Row> {
  const missing = before.find((row) => needs.includes(row.id) && row.result !== "ok");
  if (missing)
    return {
      id,
      title,
      result: "skipped",
      why: `needs "${missing.title}", which ${missing.result === "failed" ? "failed" : "was skipped"}`,
    };
  try {
    return { id, title, result: "ok", why: await run(context) };
  } catch (error) {
    if (error instanceof Skip) return { id, title, result: "skipped", why: error.message };
    if (error instanceof Fault) return { id, title, result: "failed", why: error.message, next: error.next };
    if (error instanceof CliError)
      return { id, title, result: "failed", why: error.message, next: "sopsloop verify" };
    throw error;
  }
}
