import { characterTest, literal, perlClass, posixClass, unicodeClass } from "./characters";
import { PLACES } from "./places";
import { code, Scanner } from "./scanner";
import { type Flags, GoRegExpError, type Node } from "./syntax";

/** Go's own limit on what `{n,m}` may say, also where such repeats lie in each other. */
const MOST_REPEATS = 1000;

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

/** Reads a regular expression as Go's regexp package does. Throws GoRegExpError in Go's words where Go refuses it. */
export class Parser extends Scanner {
  private flags: Flags = { ignoreCase: false, multiLine: false, dotAll: false };

  parse(): Node {
    const node = this.choice();
    if (this.at < this.characters.length) throw new GoRegExpError("unexpected )");
    return node;
  }

  /** Flags set inside a group end with it. */
  private choice(): Node {
    const outer = this.flags;
    const parts = [this.sequence()];
    while (this.take("|")) parts.push(this.sequence());
    this.flags = outer;
    const [only] = parts;
    return parts.length === 1 && only ? only : { type: "choice", parts };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    while (this.next !== undefined && this.next !== "|" && this.next !== ")") {
      if (this.take("\\Q")) {
        parts.push(...this.quoted());
        continue;
      }
      const atom = this.atom();
      if (atom) parts.push(this.repeated(atom));
    }
    return { type: "sequence", parts };
  }

  private quoted(): Node[] {
    const from = this.at;
    while (this.at < this.characters.length && !this.looksAt("\\E")) this.at++;
    const text = this.characters.slice(from, this.at);
    this.take("\\E");
    return text.map((character) => this.one(literal(code(character))));
  }

  private repeated(atom: Node): Node {
    const bounds = this.bounds();
    if (!bounds) return atom;
    this.take("?");
    const from = this.at;
    if (this.bounds()) {
      const operator = this.characters.slice(from - 1, this.at).join("");
      throw new GoRegExpError(`invalid nested repetition operator: ${operator}`);
    }
    const node: Node = { type: "repeat", of: atom, ...bounds };
    if (repeats(node) > MOST_REPEATS) throw new GoRegExpError("invalid repeat count");
    return node;
  }

  /** `{` is a character like any other where no count follows. */
  private bounds(): { least: number; most: number } | undefined {
    if (this.take("*")) return { least: 0, most: Number.POSITIVE_INFINITY };
    if (this.take("+")) return { least: 1, most: Number.POSITIVE_INFINITY };
    if (this.take("?")) return { least: 0, most: 1 };
    if (this.next !== "{") return undefined;
    const end = this.characters.indexOf("}", this.at);
    const count = /^(\d+)(,?)(\d*)$/.exec(
      this.characters.slice(this.at + 1, end === -1 ? this.at : end).join(""),
    );
    if (!count) return undefined;
    const [, first = "", comma, last = ""] = count;
    if (comma === "" && last !== "") return undefined;
    this.at = end + 1;
    const least = Number(first);
    const most = comma === "" ? least : last === "" ? Number.POSITIVE_INFINITY : Number(last);
    if (least > MOST_REPEATS || (most !== Number.POSITIVE_INFINITY && (most > MOST_REPEATS || most < least)))
      throw new GoRegExpError(`invalid repeat count: {${first}${comma}${last}}`);
    return { least, most };
  }

  /** Undefined for `(?i)`, which only sets flags. */
  private atom(): Node | undefined {
    const { ignoreCase, multiLine, dotAll } = this.flags;
    const character = this.characters[this.at++] ?? "";
    switch (character) {
      case "(":
        return this.group();
      case "[":
        return this.bracket();
      case ".":
        return { type: "character", matches: dotAll ? () => true : (codePoint) => codePoint !== 10 };
      case "^":
        return { type: "place", holds: multiLine ? PLACES.lineStart : PLACES.textStart };
      case "$":
        return { type: "place", holds: multiLine ? PLACES.lineEnd : PLACES.textEnd };
      case "\\":
        return this.escape();
      case "*":
      case "+":
      case "?":
        throw new GoRegExpError(`missing argument to repetition operator: ${character}`);
      default: {
        const wanted = code(character);
        return ignoreCase
          ? this.one(literal(wanted))
          : { type: "character", matches: (codePoint) => codePoint === wanted };
      }
    }
  }

  private group(): Node | undefined {
    if (this.take("?")) {
      if (
        this.take("P<") ||
        (this.looksAt("<") && !this.looksAt("<=") && !this.looksAt("<!") && this.take("<"))
      ) {
        const name = this.takeUntil(">", "invalid named capture");
        if (!/^\w+$/.test(name)) throw new GoRegExpError(`invalid named capture: ${name}`);
      } else {
        const outer = this.flags;
        this.flags = this.newFlags();
        if (this.take(")")) return undefined;
        this.at++;
        const node = this.inGroup();
        this.flags = outer;
        return node;
      }
    }
    return this.inGroup();
  }

  private inGroup(): Node {
    const node = this.choice();
    if (!this.take(")")) throw new GoRegExpError("missing closing )");
    return node;
  }

  /** Stops before the `)` or `:`. Look-around is refused here, as Go does. */
  private newFlags(): Flags {
    const from = this.at;
    const flags: { -readonly [flag in keyof Flags]: boolean } = { ...this.flags };
    let value = true;
    for (; this.next !== ")" && this.next !== ":"; this.at++) {
      if (this.next === "-" && value) value = false;
      else if (this.next === "i") flags.ignoreCase = value;
      else if (this.next === "m") flags.multiLine = value;
      else if (this.next === "s") flags.dotAll = value;
      else if (this.next !== "U") {
        const seen = this.characters.slice(from, this.at + 1).join("");
        throw new GoRegExpError(`invalid or unsupported Perl syntax: (?${seen}`);
      }
    }
    return flags;
  }

  private one(inside: string, negated = false): Node {
    return {
      type: "character",
      matches: characterTest(inside, { negated, ignoreCase: this.flags.ignoreCase }),
    };
  }

  private escape(): Node {
    const letter = this.next;
    if (letter === undefined) throw new GoRegExpError("trailing backslash at end of expression");
    const place = { A: PLACES.textStart, z: PLACES.textEnd, b: PLACES.wordEdge, B: PLACES.insideWord }[
      letter
    ];
    if (place) {
      this.at++;
      return { type: "place", holds: place };
    }
    return this.one(this.classEscape() ?? literal(this.characterEscape()));
  }

  /** `\d`, `\pL`, `\P{Greek}`: the inside of a class; undefined (and nothing read) for other escapes. */
  private classEscape(): string | undefined {
    const letter = this.next ?? "";
    const perl = perlClass(letter);
    if (perl !== undefined) {
      this.at++;
      return perl;
    }
    if (letter !== "p" && letter !== "P") return undefined;
    this.at++;
    const name = this.take("{")
      ? this.takeUntil("}", "invalid character class range")
      : this.characters[this.at++];
    return unicodeClass(name ?? "", letter === "P");
  }

  /** After the backslash: the code point that is meant. */
  private characterEscape(): number {
    const letter = this.characters[this.at++] ?? "";
    const control = CONTROLS[letter];
    if (control !== undefined) return control;
    if (letter === "x") {
      const digits = this.take("{") ? this.takeUntil("}", "invalid escape sequence: \\x{") : this.takeTwo();
      const value = /^[0-9a-f]+$/i.test(digits) ? Number.parseInt(digits, 16) : -1;
      if (value < 0 || value > 0x10ffff) throw new GoRegExpError(`invalid escape sequence: \\x${digits}`);
      return value;
    }
    if (letter === "0" || (/[1-7]/.test(letter) && /[0-7]/.test(this.next ?? ""))) {
      let octal = letter;
      while (octal.length < 3 && /[0-7]/.test(this.next ?? "")) octal += this.characters[this.at++];
      return Number.parseInt(octal, 8);
    }
    if (/[0-9A-Za-z]/.test(letter) || code(letter) > 127)
      throw new GoRegExpError(`invalid escape sequence: \\${letter}`);
    return code(letter);
  }

  /** A `]` that comes first stands for itself, and a `[` does anywhere. */
  private bracket(): Node {
    const negated = this.take("^");
    let inside = "";
    for (let first = true; first || this.next !== "]"; first = false) {
      if (this.next === undefined) throw new GoRegExpError("missing closing ]");
      if (this.looksAt("[:") && this.characters.indexOf("]", this.at) > this.at) {
        const end = this.characters.join("").indexOf(":]", this.at + 2);
        if (end !== -1) {
          this.at += 2;
          inside += posixClass(this.takeUntil(":]", "missing closing ]"));
          continue;
        }
      }
      const named = this.looksAt("\\") ? this.classEscapeInBracket() : undefined;
      inside += named ?? this.range();
    }
    this.at++;
    return this.one(inside, negated);
  }

  private classEscapeInBracket(): string | undefined {
    this.at++;
    const named = this.classEscape();
    if (named === undefined) this.at--;
    return named;
  }

  private range(): string {
    const low = this.bracketCharacter();
    const isRange = this.next === "-" && this.characters[this.at + 1] !== "]" && this.characters[this.at + 1];
    if (!isRange) return literal(low);
    this.at++;
    const high = this.bracketCharacter();
    if (high < low)
      throw new GoRegExpError(
        `invalid character class range: ${String.fromCodePoint(low)}-${String.fromCodePoint(high)}`,
      );
    return `${literal(low)}-${literal(high)}`;
  }

  private bracketCharacter(): number {
    const character = this.characters[this.at++] ?? "";
    return character === "\\" ? this.characterEscape() : code(character);
  }
}

/** How many copies of its innermost part a node comes to. */
function repeats(node: Node): number {
  switch (node.type) {
    case "repeat": {
      const most = node.most === Number.POSITIVE_INFINITY ? node.least : node.most;
      return Math.max(1, most) * repeats(node.of);
    }
    case "sequence":
    case "choice":
      return Math.max(1, ...node.parts.map(repeats));
    default:
      return 1;
  }
}
