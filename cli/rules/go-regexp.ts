import { RE2JS } from "re2js";

/**
 * What Go and JavaScript read alike, and where nothing is repeated: characters that stand for themselves, some of them optional, choices
 * between such, and the two ends. Most rules need no more, and to make the other one takes longer than to match 500 paths.
 */
const ALIKE = /^\^?(?:(?:[\w/-]|\\[./-])\??|\((?:[\w/-]|\\[./-])+(?:\|(?:[\w/-]|\\[./-])+)*\))*\$?$/;

/** JavaScript's tries one choice after the other: with these few it is done at once, whatever they are. */
function isAlike(source: string): boolean {
  return source.length <= 100 && ALIKE.test(source) && source.split(/[?(]/).length <= 5;
}

/**
 * A regular expression with the meaning that Go, and so sops, gives it. JavaScript's differ in a dozen points, and they
 * backtrack: a pattern in somebody's `.sops.yaml` could stop a pipeline. This one takes time linear in the text.
 */
export class GoRegExp {
  private readonly compiled: Pick<RE2JS, "test">;

  /** Throws an Error that says what is wrong with the expression. */
  constructor(readonly source: string) {
    try {
      this.compiled = isAlike(source) ? new RegExp(source) : RE2JS.compile(source);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(why.replace(/^error parsing regexp: /, "").replaceAll("`", ""));
    }
  }

  /** The same, but an expression that Go refuses matches nothing. */
  static orNothing(source: string): GoRegExp {
    try {
      return new GoRegExp(source);
    } catch {
      return new GoRegExp("a\\A");
    }
  }

  /** Whether some part of the text matches. */
  test(text: string): boolean {
    return this.compiled.test(text);
  }
}
