import { describe, expect, test } from "vitest";
import { checkGoRegex } from "../../../components/config/go-regex";

describe("what Go reads is let through", () => {
  test.each([
    "\\.sops\\.ya?ml$",
    "^(data|stringData)$",
    "",
    "(?i)secret",
    "(?i:a)(?-s:b)(?s-i)c",
    "(?P<name>a)(?<other>b)(?:c)",
    "[]a]",
    "[^]a-]",
    "[[:alpha:][:^digit:]\\d\\-]",
    "\\Aa*?b+?c??\\z",
    "a{2}b{2,}?c{2,1000}d{,3}e{",
    "^*a|$",
    "\\Q(?!a\\E+",
    "\\pL\\P{Greek}\\x41\\x{1F600}\\07\\a",
    "\\/\\-\\_\\ ",
    "a\\b\\Bb",
    "é😀+",
  ])("%s", (pattern) => {
    expect(() => checkGoRegex(pattern)).not.toThrow();
  });
});

describe("what only others have is named", () => {
  test.each([
    ["a(?=b)", '"(?=" is a look-ahead'],
    ["a(?!b)", '"(?!" is a look-ahead'],
    ["(?<=a)b", '"(?<=" is a look-behind'],
    ["(?<!a)b", '"(?<!" is a look-behind'],
    ["(?>a)b", '"(?>" is an atomic group'],
    ["(?#note)a", '"(?#" is a kind of group'],
    ["(a)\\1", '"\\\\1" is a back reference'],
    ["(?<n>a)\\k<n>", '"\\\\k<n>" is a back reference'],
    ["a++", '"++" is a possessive repeat'],
    ["a{2}+", '"{2}+" is a possessive repeat'],
    ["a**", '"**" is a repeat of a repeat'],
    ["a{1001}", '"{1001}" is a repeat of more than 1000'],
    ["\\u0041", '"\\\\u" is an escape'],
    ["\\cA", '"\\\\c" is an escape'],
    ["a\\Z", '"\\\\Z" is an escape'],
    ["\\x4", '"\\\\x" is an escape'],
    ["[\\b]", '"\\\\b" is an escape'],
    ["\\p{Script=Greek}", '"\\\\p" is an escape'],
  ])("%s", (pattern, what) => {
    expect(() => checkGoRegex(pattern)).toThrow(
      `is ${JSON.stringify(pattern)}, whose ${what} that sops does not have; write it without, in Go's syntax (RE2)`,
    );
  });
});

describe("what nobody reads is refused", () => {
  test.each([
    "(a",
    "a)",
    "[a",
    "[",
    "*a",
    "(|*a)",
    "a|+",
    "[z-a]",
    "[[:foo:]]",
    "a{3,2}",
    "a\\",
    "(?",
    "(?P<>a)",
  ])("%s", (pattern) => {
    expect(() => checkGoRegex(pattern)).toThrow(
      `is ${JSON.stringify(pattern)}, which is not a regular expression; mend its brackets and escapes`,
    );
  });
});
