import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How long one tool took to build. */
export interface Timing {
  readonly tool: string;
  readonly version: string;
  /** Seconds until its modules were on disk, as far as the build had to wait for them. */
  readonly download: number;
  readonly build: number;
  readonly verify: number;
  /** When, ISO 8601. */
  readonly at: string;
}

/** The last timing of each tool, kept beside the built tools: docs/benchmarks.md takes its table from here. */
export class Timings {
  private readonly file: string;

  constructor(private readonly cache: string) {
    this.file = join(cache, "timings.json");
  }

  read(): Timing[] {
    return existsSync(this.file) ? (JSON.parse(readFileSync(this.file, "utf8")) as Timing[]) : [];
  }

  add(timing: Timing): void {
    mkdirSync(this.cache, { recursive: true });
    const others = this.read().filter((one) => one.tool !== timing.tool);
    writeFileSync(this.file, `${JSON.stringify([...others, timing], undefined, 2)}\n`);
  }
}

/** A Markdown table of timings, longest build first, with the sum. */
export function timingTable(timings: readonly Timing[]): string {
  const sum = timings.reduce((total, one) => total + one.download + one.build + one.verify, 0);
  const rows = [...timings]
    .sort((one, other) => other.build - one.build)
    .map(
      ({ tool, version, download, build, verify }) =>
        `| ${tool} | ${version} | ${Math.round(download)} s | ${Math.round(build)} s | ${verify.toFixed(1)} s |`,
    );
  return [
    "| tool | version | waited for modules | build | check |",
    "|---|---|---|---|---|",
    ...rows,
    `| all | | | ${Math.round(sum)} s | |`,
  ].join("\n");
}
