import { seconds } from "../processes/progress";

/** What happened when, for a person to read. */
export class Timeline {
  private readonly moments: { readonly at: number; readonly what: string }[] = [];

  /** @param begun milliseconds since 1970; what all the others are told as after */
  constructor(
    readonly begun: number,
    private readonly tell: (line: string) => void = () => undefined,
  ) {}

  /** @param at milliseconds since 1970; now, where it is not told */
  add(what: string, at = Date.now()): void {
    this.moments.push({ at, what });
    this.tell(this.line(at, what));
  }

  /** Milliseconds from the beginning to the last moment that was added. */
  get length(): number {
    return Math.max(0, ...this.moments.map(({ at }) => at - this.begun));
  }

  /** In the order of time. */
  get lines(): string[] {
    return this.moments
      .toSorted((one, other) => one.at - other.at)
      .map(({ at, what }) => this.line(at, what));
  }

  private line(at: number, what: string): string {
    return `+${seconds(Math.max(0, at - this.begun)).padStart(7)}  ${what}`;
  }
}
