import type { Sample } from "./timing";

/** A figure that a target was set for. */
export interface Verdict {
  /** Such as "ratio of medians 1.32, target at most 1.5". */
  readonly text: string;
  readonly met: boolean;
}

/** What a benchmark found. */
export interface Report {
  /** Markdown tables and sentences. */
  readonly blocks: readonly string[];
  /** Empty where no target was set. */
  readonly verdicts: readonly Verdict[];
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** One row for each sample, in seconds. */
export function sampleTable(samples: Readonly<Record<string, Sample>>): string {
  return table(
    ["what", "runs", "min", "median", "max"],
    Object.entries(samples).map(([name, sample]) => [
      name,
      String(sample.values.length),
      ...[sample.min, sample.median, sample.max].map(inSeconds),
    ]),
  );
}

export function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

/** Verdict on `value` with two decimals, such as a ratio. */
export function atMost(what: string, value: number, target: number): Verdict {
  return { text: `${what}: ${value.toFixed(2)}, target at most ${target}`, met: value <= target };
}

export function atLeast(what: string, value: number, target: number): Verdict {
  return { text: `${what}: ${value.toFixed(2)}, target at least ${target}`, met: value >= target };
}

export function markdown(title: string, machine: string, { blocks, verdicts }: Report): string {
  const lines = verdicts.map(({ text, met }) => `- ${text}: **${met ? "met" : "missed"}**`);
  return [`### ${title}`, machine, ...blocks, ...(lines.length > 0 ? [lines.join("\n")] : [])].join("\n\n");
}
