import { ConfigProblem, describe } from "./problems";

/** What other languages' regular expressions have and Go's do not: RE2 never goes back over its input. */
const MISSING: readonly (readonly [start: RegExp, what: string])[] = [
  [/\(\?[=!]/y, "a look-ahead"],
  [/\(\?<[=!]/y, "a look-behind"],
  [/\(\?>/y, "an atomic group"],
  [/\(\?[#'|&(R\d+]/y, "a kind of group"],
  [/\\[1-9]/y, "a back reference"],
  [/\\[kg][<{'][^>}']*[>}']?/y, "a back reference"],
];

const GROUP = /\((\?(P?<[A-Za-z_]\w*>|([imsU]+(-[imsU]+)?|-[imsU]+)?:))?/y;
const FLAGS = /\(\?([imsU]+(-[imsU]+)?|-[imsU]+)\)/y;
const COUNT = /\{(\d+)(,(\d*))?\}/y;
const REPEAT = /[*+?]|\{\d+(,\d*)?\}/y;
const POSIX =
  /\[:\^?(alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]/y;
const POSIX_LIKE = /\[:\^?\w*:\]/y;
/** A class of characters by a letter, inside of brackets and out. */
const LETTER_CLASS = /\\([dDsSwW]|[pP]([A-Z]|\{\^?[A-Za-z_]+\}))/y;
/** One character. A mark that is no letter and no digit stands for itself. */
const CHARACTER = /\\([afnrtv]|0[0-7]{0,2}|x[\da-fA-F]{2}|x\{[\da-fA-F]{1,6}\}|[ -/:-@[-`{-~])/y;
const EDGE = /\\[AbBz]/y;
const QUOTED = /\\Q.*?(\\E|$)/sy;
/** Go's limit for {n}. */
const MOST_REPEATS = 1000;

/**
 * Refuses what Go's regexp package does not read: sops takes its regular expressions there, and JavaScript's own reader
 * knows another language. Not a parser: it follows escapes, brackets and repeats, which is where the two differ.
 */
export function checkGoRegex(pattern: string): void {
  new Scan(pattern).run();
}

class Scan {
  private at = 0;
  private depth = 0;
  /** Whether something stands before, that a repeat can be about. */
  private repeatable = false;

  constructor(private readonly pattern: string) {}

  run(): void {
    while (this.at < this.pattern.length) this.step();
    if (this.depth > 0) throw this.fault();
  }

  private step(): void {
    for (const [start, what] of MISSING) {
      const found = this.take(start);
      if (found !== undefined) throw this.missing(found, what);
    }
    const next = this.pattern[this.at];
    if (this.take(FLAGS) !== undefined) this.repeatable = false;
    else if (next === "(") this.open();
    else if (next === ")") this.close();
    else if (next === "[") this.brackets();
    else if (next === "\\") this.escape([QUOTED, EDGE, LETTER_CLASS, CHARACTER]);
    else if (this.peek(REPEAT)) this.repeat();
    else {
      this.repeatable = next !== "|";
      this.at += 1;
    }
  }

  private open(): void {
    if (this.take(GROUP) === undefined || this.pattern[this.at] === "?") throw this.fault();
    this.depth += 1;
    this.repeatable = false;
  }

  private close(): void {
    if (this.depth === 0) throw this.fault();
    this.depth -= 1;
    this.at += 1;
    this.repeatable = true;
  }

  private repeat(): void {
    const count = this.peek(COUNT);
    if (count) {
      const [, low, comma, high] = count;
      const most = Number(comma === undefined || high === "" ? low : high);
      if (most > MOST_REPEATS) throw this.missing(count[0], `a repeat of more than ${MOST_REPEATS}`);
      if (Number(low) > most) throw this.fault();
    }
    if (!this.repeatable) throw this.fault();
    const start = this.at;
    this.take(REPEAT);
    if (this.pattern[this.at] === "?") this.at += 1;
    const after = this.peek(REPEAT);
    if (after) {
      const both = this.pattern.slice(start, this.at + after[0].length);
      throw this.missing(both, after[0] === "+" ? "a possessive repeat" : "a repeat of a repeat");
    }
  }

  /** `[…]`: a bracket that comes first in it is a plain character. */
  private brackets(): void {
    this.at += this.pattern[this.at + 1] === "^" ? 2 : 1;
    for (let first = true; first || this.pattern[this.at] !== "]"; first = false) {
      if (this.at >= this.pattern.length) throw this.fault();
      if (this.take(POSIX) !== undefined || this.take(LETTER_CLASS) !== undefined) continue;
      if (this.peek(POSIX_LIKE)) throw this.fault();
      this.range();
    }
    this.at += 1;
    this.repeatable = true;
  }

  private range(): void {
    const low = this.character();
    const next = this.pattern[this.at + 1];
    if (this.pattern[this.at] !== "-" || next === undefined || next === "]") return;
    this.at += 1;
    const high = this.character();
    if (low !== undefined && high !== undefined && low > high) throw this.fault();
  }

  /** Steps over one character of a bracket. Its code where it is written as itself. */
  private character(): number | undefined {
    if (this.pattern[this.at] === "\\") {
      this.escape([CHARACTER]);
      return undefined;
    }
    const code = this.pattern.codePointAt(this.at) ?? 0;
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }

  private escape(known: readonly RegExp[]): void {
    if (this.at + 1 >= this.pattern.length) throw this.fault();
    if (!known.some((form) => this.take(form) !== undefined)) {
      throw this.missing(this.pattern.slice(this.at, this.at + 2), "an escape");
    }
    this.repeatable = true;
  }

  private peek(form: RegExp): RegExpExecArray | null {
    form.lastIndex = this.at;
    return form.exec(this.pattern);
  }

  private take(form: RegExp): string | undefined {
    const found = this.peek(form);
    if (!found) return undefined;
    this.at += found[0].length;
    return found[0];
  }

  private missing(found: string, what: string): ConfigProblem {
    return new ConfigProblem(
      `is ${describe(this.pattern)}, whose ${JSON.stringify(found)} is ${what} that sops does not have; write it without, in Go's syntax (RE2)`,
    );
  }

  private fault(): ConfigProblem {
    return new ConfigProblem(
      `is ${describe(this.pattern)}, which is not a regular expression; mend its brackets and escapes`,
    );
  }
}
