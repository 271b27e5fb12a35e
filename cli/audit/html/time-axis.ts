import { dayOf } from "../duration";
import type { Key } from "../report-schema";
import { html, joined, type SafeHtml } from "./safe-html";

const WIDTH = 330;
const MARGIN = 8;
/** Months between two marks: the first that leaves room for its words. */
const STEPS = [1, 3, 6, 12, 24, 60, 120];
const MARKS = 5;
const AHEAD = 180 * 86_400_000;

/** One scale of time for all keys of a page. */
export class TimeAxis {
  readonly width = WIDTH;

  private constructor(
    private readonly start: number,
    private readonly end: number,
    /** When the report was made. */
    readonly now: string,
  ) {}

  /** Undefined where no time is known. */
  static of(keys: readonly Key[], made: string): TimeAxis | undefined {
    const created = keys.flatMap(({ versions }) => versions.flatMap((version) => version.created ?? []));
    if (created.length === 0) return undefined;
    const due = keys.flatMap(({ rotatesAt }) => rotatesAt ?? []);
    // What expires in years would press all the rest into a corner; its date stands in a column of its own.
    const soon = new Date(Date.parse(made) + AHEAD).toISOString();
    const ends = keys.flatMap(({ expiresAt = soon }) => (expiresAt < soon ? [expiresAt] : []));
    const times = [...created, made, ...due, ...ends].map((time) => Date.parse(time));
    const [first, last] = [Math.min(...times), Math.max(...times)];
    const room = Math.max((last - first) * 0.02, 86_400_000);
    return new TimeAxis(first - room, last + room, made);
  }

  /** Where a time is, from the left. */
  at(time: string): number {
    const part = (Date.parse(time) - this.start) / (this.end - this.start);
    return Math.round((MARGIN + part * (WIDTH - 2 * MARGIN)) * 10) / 10;
  }

  /** Whether a time is on the scale at all. */
  has(time: string): boolean {
    return Date.parse(time) >= this.start && Date.parse(time) <= this.end;
  }

  /** Marks with their words, for the head of the column. */
  scale(): SafeHtml {
    const marks = this.marks().map(
      ({ time, word }) => html`<text x="${this.at(time)}" y="11">${word}</text>`,
    );
    return html`<svg class="scale" viewBox="0 0 ${WIDTH} 16" width="${WIDTH}" height="16" role="img" aria-label="Time from ${dayOf(iso(this.start))} to ${dayOf(iso(this.end))}">${joined(marks)}</svg>`;
  }

  /** The same marks as hairlines. */
  grid(height: number): SafeHtml {
    const lines = this.marks().map(
      ({ time }) =>
        html`<line class="grid" x1="${this.at(time)}" x2="${this.at(time)}" y1="0" y2="${height}"/>`,
    );
    const now = this.at(this.now);
    return html`${joined(lines)}<line class="now" x1="${now}" x2="${now}" y1="0" y2="${height}"/>`;
  }

  private marks(): { time: string; word: string }[] {
    const from = new Date(this.start);
    for (const step of STEPS) {
      const marks: { time: string; word: string }[] = [];
      // From the beginning of a year, so that marks fall on the same months whatever the span.
      for (let month = 0; ; month += step) {
        const time = Date.UTC(from.getUTCFullYear(), month, 1);
        if (time > this.end) break;
        const word = step >= 12 ? iso(time).slice(0, 4) : iso(time).slice(0, 7);
        if (time >= this.start) marks.push({ time: iso(time), word });
      }
      if (marks.length <= MARKS) return marks;
    }
    return [];
  }
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
