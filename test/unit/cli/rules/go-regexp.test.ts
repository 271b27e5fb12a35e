import { RE2JS } from "re2js";
import { describe, expect, test } from "vitest";
import { GoRegExp } from "../../../../cli/rules/go-regexp";

describe("a Go regular expression", () => {
  test.each([
    ["\\.sops\\.ya?ml$", "apps/a.sops.yml", true],
    ["\\.sops\\.ya?ml$", "apps/a.sops.yaml.bak", false],
    ["^apps/(dev|prod)/.*", "apps/prod/a.yaml", true],
    ["^apps/(dev|prod)/.*", "other/apps/prod/a.yaml", false],
    [".*", "", true],
    ["", "anything", true],
    ["(?i)SECRET", "my-secret.yaml", true],
    ["a(?i)b(?-i)c", "aBc", true],
    ["a(?i)b(?-i)c", "aBC", false],
    ["(?i:x)y", "Xy", true],
    ["(?i:x)y", "XY", false],
    ["(?i)a|b", "B", true],
    ["(?P<env>dev)/x", "dev/x", true],
    ["(?<env>dev)/x", "dev/x", true],
    ["\\Aabc\\z", "abc", true],
    ["\\Aabc\\z", "abcd", false],
    ["\\Qa.b\\E$", "a.b", true],
    ["\\Qa.b\\E$", "axb", false],
    ["[[:alpha:]]+\\.env", "prod.env", true],
    ["^[[:^digit:]]$", "7", false],
    ["^[[:^digit:]]$", "é", true],
    ["[]a]", "]", true],
    ["[^]a]", "]", false],
    ["[a\\-z]", "-", true],
    ["^[a\\-z]$", "m", false],
    ["^[\\d-z]$", "-", true],
    ["^[\\w.-]+$", "a-b.c_9", true],
    ["a{2,3}$", "baaa", true],
    ["^a{2,3}$", "aaaa", false],
    ["^a{2}$", "aa", true],
    ["^a{2,}$", "aaaaaa", true],
    ["a{,2}", "a{,2}", true],
    ["a{x}", "a{x}", true],
    ["^(a*)*$", "aaaa", true],
    ["^(a|b)*?c+?$", "ababcc", true],
    ["^.$", "\n", false],
    ["(?s)^.$", "\n", true],
    ["^.$", "\r", true],
    ["(?m)^b$", "a\nb", true],
    ["^b$", "a\nb", false],
    ["\\bsecret\\b", "a-secret.yaml", true],
    ["\\bsecret\\b", "secrets", false],
    ["\\Bret", "secret", true],
    ["^\\s$", "\v", false],
    ["^\\S$", "\v", true],
    ["^[\\S]$", " ", false],
    ["^\\p{Greek}+$", "αβ", true],
    ["^\\pL$", "é", true],
    ["^\\PL$", "é", false],
    ["^\\p{^L}$", "1", true],
    ["^[\\p{Lu}x]$", "É", true],
    ["^\\x41\\x{1F600}$", "A😀", true],
    ["^.$", "😀", true],
    ["^\\101$", "A", true],
    ["^\\_\\-\\/$", "_-/", true],
    ["]}", "]}", true],
    ["(|a)+b", "b", true],
    ["(?:)", "", true],
    ["a|", "", true],
  ])("%j on %j: %s", (pattern, text, matches) => {
    expect(new GoRegExp(pattern).test(text)).toBe(matches);
  });

  test.each([
    ["(?=a)", "invalid or unsupported Perl syntax: (?="],
    ["(?!a)", "invalid or unsupported Perl syntax: (?!"],
    ["(?<=a)b", "invalid named capture: (?<=a)b"],
    ["(?<!a)b", "invalid named capture: (?<!a)b"],
    ["(a)\\1", "invalid escape sequence: \\1"],
    ["a**", "invalid nested repetition operator: **"],
    ["a*+", "invalid nested repetition operator: *+"],
    ["*a", "missing argument to repetition operator: *"],
    ["(a", "missing closing )"],
    ["a)", "unexpected )"],
    ["[a", "missing closing ]"],
    ["[b-a]", "invalid character class range: b-a"],
    ["a{1001}", "invalid repeat count: {1001}"],
    ["a{3,2}", "invalid repeat count: {3,2}"],
    ["((a{100}){100}){100}", "invalid repeat count"],
    ["\\Z", "invalid escape sequence: \\Z"],
    ["a\\", "trailing backslash at end of expression"],
    ["\\p{Nobody}", "invalid character class range: \\p{Nobody}"],
    ["[[:nobody:]]", "invalid character class range: [:nobody:]"],
    ["(?P<a b>x)", "invalid named capture: (?P<a b>"],
  ])("%j is refused", (pattern, message) => {
    expect(() => new GoRegExp(pattern)).toThrow(message);
  });

  test("a pattern that would make a backtracking engine stall answers at once", () => {
    expect(new GoRegExp("^(a+)+$").test(`${"a".repeat(5000)}b`)).toBe(false);
    expect(new GoRegExp("^(a?){500}a{500}$").test("a".repeat(500))).toBe(true);
    expect(new GoRegExp(`^${"a?".repeat(40)}${"a".repeat(40)}$`).test(`${"a".repeat(40)}`)).toBe(true);
    expect(new GoRegExp(`^${"(a|a)".repeat(18)}b$`).test(`${"a".repeat(18)}c`)).toBe(false);
    expect(new GoRegExp(`^${"(aa|aa|aa|aa)".repeat(60)}b$`).test(`${"a".repeat(120)}c`)).toBe(false);
  });

  test("the simple ones mean what RE2 has them mean", () => {
    const parts = ["a", "b", "-", "_", "/", "\\.", "\\-", "a?", "\\.?", "(a|b)", "(a|ab|\\.)", "(b)", "1"];
    const texts = [
      "",
      "a",
      "ab",
      "ba",
      "b.",
      "a-b",
      "_/",
      "aab.b",
      "1",
      "a\n",
      "\n",
      "\r",
      "\u2028a",
      "ä",
      "😀a",
      "A",
      "a.b/1",
    ];
    let state = 1;
    const next = (below: number) => {
      state = (state * 48271) % 0x7fffffff;
      return state % below;
    };
    for (let round = 0; round < 3000; round++) {
      const middle = Array.from({ length: next(5) }, () => parts[next(parts.length)]).join("");
      const pattern = `${next(2) ? "^" : ""}${middle}${next(2) ? "$" : ""}`;
      const [own, known] = [new GoRegExp(pattern), RE2JS.compile(pattern)];
      for (const text of texts)
        expect([pattern, text, own.test(text)]).toEqual([pattern, text, known.test(text)]);
    }
  });
});
