import { readdirSync, readFileSync } from "node:fs";
import { identityOf, isRunning, type ProcessIdentity } from "../../../sandbox/processes/process-identity";
import { until } from "../../../sandbox/processes/until";

/** The processes that a process has started, and those that they have, as they run now. */
export function descendantsOf(pid: number): ProcessIdentity[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(Number(entry));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const below = (id: number): number[] =>
    (children.get(id) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid).flatMap((id) => identityOf(id) ?? []);
}

/** Gives each a moment to end by itself, then ends it by its id. */
export async function endAll(processes: readonly ProcessIdentity[]): Promise<void> {
  const gone = async () => (processes.some(isRunning) ? undefined : true);
  await until(gone, { what: "orphans to leave", timeoutMs: 3_000 }).catch(() => undefined);
  for (const one of processes) endNow(one);
  await until(gone, { what: "orphans to end", timeoutMs: 5_000 });
}

/** It may end by itself between the look and the signal. */
function endNow(one: ProcessIdentity): void {
  if (!isRunning(one)) return;
  try {
    process.kill(one.pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function parentOf(pid: number): number | undefined {
  try {
    // The second field is the command in brackets, and may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return Number(fields[1]);
  } catch {
    return undefined;
  }
}
