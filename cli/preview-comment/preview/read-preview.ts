import { CliError } from "../../errors/cli-error";
import { digest, reportOfDigest } from "./digest";
import { type EngineReport, previewOf } from "./engine-report";
import { type EngineEvent, engineEvent, reportOfEvents } from "./event-stream";
import type { Preview } from "./preview";

/** It still has to be said: else the comment of an earlier push would stand as if nothing had happened. */
const NOTHING: Preview = {
  stack: undefined,
  changes: [],
  unchanged: 0,
  isNewStack: false,
  outputs: { before: undefined, after: undefined },
  findings: [],
  diagnostics: [],
  failure: "pulumi preview printed nothing: it failed before it began, and the job's log says why.",
  hidden: [],
};

/**
 * Reads what `pulumi preview --json` printed, in either of its forms.
 *
 * @param source names the text in errors.
 * @throws CliError (2) for anything else; the text itself is in no error, since it may hold secrets.
 */
export function readPreview(text: string, source: string): Preview {
  if (text.trim() === "") return NOTHING;
  return previewOf(digestIn(text) ?? eventsIn(text, source));
}

function digestIn(text: string): EngineReport | undefined {
  const value = jsonOf(text);
  // Each event is an object too, and a stream may have only one.
  if (value === undefined || engineEvent(value) !== undefined) return undefined;
  const read = digest.safeParse(value);
  return read.success && isSome(read.data) ? reportOfDigest(read.data) : undefined;
}

/** Nothing in a digest has to be there, so that `{}` and the JSON of many other programs would pass for one. */
function isSome({ steps, diagnostics, duration, changeSummary }: object & Record<string, unknown>): boolean {
  return [steps, diagnostics, duration, changeSummary].some((part) => part !== undefined);
}

function eventsIn(text: string, source: string): EngineReport {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const events: EngineEvent[] = [];
  for (const [at, line] of lines.entries()) {
    const value = jsonOf(line);
    const read = engineEvent(value);
    if (read !== undefined) events.push(read);
    // The last line of an output that was cut short. What came before it still counts.
    else if (value === undefined && at > 0 && at === lines.length - 1) break;
    else throw notAPreview(source, at + 1);
  }
  return reportOfEvents(events);
}

function notAPreview(source: string, line: number): CliError {
  return new CliError(
    `${source}: line ${line} is not what pulumi preview --json prints; give its standard output alone, without 2>&1`,
    2,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
