import { RE2JS } from "re2js";

/**
 * A regular expression with the meaning that Go, and so sops, gives it. JavaScript's differ in a dozen points, and they
 * backtrack: a pattern in somebody's `.sops.yaml` could stop a pipeline. This one takes time linear in the text.
 */
export class GoRegExp {
  private readonly compiled: RE2JS;

  /** Throws an Error that says what is wrong with the expression. */
  constructor(readonly source: string) {
    try {
      this.compiled = RE2JS.compile(source);
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
