import { type CharacterTest, GoRegExpError } from "./syntax";

/** `[[:alpha:]]` and its like, as the inside of a JavaScript class. */
const POSIX: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7f",
  blank: "\\t ",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`\\{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

/** Go's Perl classes are ASCII only: its `\s` has no vertical tab and no Unicode spaces. */
const PERL: Readonly<Record<string, string>> = {
  d: "0-9",
  D: "\\x00-\\/:-\\u{10ffff}",
  s: "\\t\\n\\f\\r ",
  S: "\\x00-\\x08\\x0b\\x0e-\\x1f!-\\u{10ffff}",
  w: "0-9A-Za-z_",
  W: "\\x00-\\/:-@\\[-\\^`\\{-\\u{10ffff}",
};

/** The inside of a JavaScript class for Go's `\d`, `\S`, …; undefined for any other letter. */
export function perlClass(letter: string): string | undefined {
  return Object.hasOwn(PERL, letter) ? PERL[letter] : undefined;
}

/** The inside of a JavaScript class for `[:name:]` or `[:^name:]`. */
export function posixClass(name: string): string {
  const negated = name.startsWith("^");
  const inside = POSIX[negated ? name.slice(1) : name];
  if (inside === undefined) throw new GoRegExpError(`invalid character class range: [:${name}:]`);
  if (!negated) return inside;
  const test = characterTest(inside, { negated: false, ignoreCase: false });
  let complement = "";
  for (let code = 0; code < 128; code++) if (!test(code)) complement += literal(code);
  return `${complement}\\u{80}-\\u{10ffff}`;
}

/** The inside of a JavaScript class for `\p{Greek}`, `\pL`, `\P{L}`, `\p{^L}`. */
export function unicodeClass(name: string, negated: boolean): string {
  const inverted = name.startsWith("^");
  const plain = inverted ? name.slice(1) : name;
  const letter = inverted !== negated ? "P" : "p";
  if (plain === "Any") return letter === "p" ? "\\u{0}-\\u{10ffff}" : "\\P{Any}";
  for (const inside of [`\\${letter}{gc=${plain}}`, `\\${letter}{sc=${plain}}`]) {
    try {
      new RegExp(`[${inside}]`, "u");
      return inside;
    } catch {
      // Not of this kind; Go's names are those of categories and of scripts.
    }
  }
  throw new GoRegExpError(`invalid character class range: \\${negated ? "P" : "p"}{${name}}`);
}

/** One code point inside a JavaScript class, whatever it is. */
export function literal(codePoint: number): string {
  return `\\u{${codePoint.toString(16)}}`;
}

/** A test for the inside of a JavaScript class. Each is asked for every character of every path: ASCII is looked up. */
export function characterTest(
  inside: string,
  { negated, ignoreCase }: { negated: boolean; ignoreCase: boolean },
): CharacterTest {
  const expression = new RegExp(`^[${negated ? "^" : ""}${inside}]$`, ignoreCase ? "iu" : "u");
  const ascii = Array.from({ length: 128 }, (_, code) => expression.test(String.fromCharCode(code)));
  return (code) => (code < 128 ? ascii[code] === true : expression.test(String.fromCodePoint(code)));
}
