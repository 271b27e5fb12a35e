import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { code, fence, htmlCode } from "../../../../../cli/preview-comment/markdown/escape";
import { markerOf } from "../../../../../cli/preview-comment/markdown/marker";
import { encrypted, recipient } from "../../status/sample";
import { commented } from "../support/commented";
import { digestOf, eventsOf } from "../support/engine";
import { nodesOf } from "../support/markdown-tree";
import { nasty, previews, STRANGER } from "../support/strangers";

/** All that a comment consists of: neither links nor pictures. */
const TYPES = new Set([
  ...["root", "heading", "paragraph", "text", "strong", "inlineCode", "code", "html"],
  ...["list", "listItem", "table", "tableRow", "tableCell"],
]);
const FOLDED = /^<details><summary>[\w ]*(?:<code>[^<>]*<\/code> ?)*<\/summary>$/;
const MARKER = /^<!-- sopsloop preview-comment [\w.!~*'()%]* -->$/;

function expectHarmless(markdown: string): void {
  const nodes = nodesOf(markdown);
  expect(nodes.filter(({ type }) => !TYPES.has(type))).toEqual([]);
  const texts = (kind: string) => nodes.filter(({ type }) => type === kind).map(({ value = "" }) => value);
  for (const text of texts("text")) {
    expect(text).not.toContain(STRANGER);
    expect(text).not.toMatch(/@|:\/\/|^\s*\//m);
  }
  const [first, ...others] = texts("html");
  expect(first).toMatch(MARKER);
  for (const html of others) if (html !== "</details>") expect(html).toMatch(FOLDED);
  // GitLab looks for quick actions in the raw text too.
  expect(markdown).not.toMatch(/^\//m);
  expect(markdown).not.toMatch(/[^\P{C}\n]/u);
}

describe("nothing that strangers write gets out of its code", () => {
  test("names, values, messages, findings, roles, paths of files: in both forms", () => {
    fc.assert(
      fc.property(previews, nasty, (preview, path) => {
        const files = {
          encrypted: [encrypted(path, { recipients: [recipient("age", path)] })],
          unreadable: 0,
        };
        for (const text of [eventsOf(preview), digestOf(preview)]) {
          const { markdown, report } = commented(text, { files });
          expectHarmless(markdown);
          expect(markdown.startsWith(`${markerOf(report.stack)}\n`)).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  test("a name in a line, in a cell and in HTML is the name, as far as it can be shown", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const nodes = nodesOf(
          `| ${code(text)} | b |\n|---|---|\n| ${code(text)} | ${code(text)} |\n\n- ${code(text)}: x`,
        );
        const shown = nodes.filter(({ type }) => type === "inlineCode").map(({ value }) => value);
        expect(shown).toHaveLength(4);
        expect(new Set(shown).size).toBe(1);
        expect(nodes.filter(({ type }) => type === "tableCell")).toHaveLength(4);
        expect(htmlCode(text)).toMatch(/^<code>[^<>\n]*<\/code>$/);
      }),
    );
    expect(code("a`b``c")).toBe("```a`b``c```");
    expect(code("`")).toBe("`` ` ``");
    expect(code("")).toBe("(empty)");
    expect(code("a|b\nc\u202ed\te")).toBe("`a¦b⏎c\ufffdd  e`");
    expect(code("x".repeat(300))).toBe(`\`${"x".repeat(200)}… (100 characters more)\``);
    expect(code(`${"x".repeat(199)}😀y`)).toBe(`\`${"x".repeat(199)}… (3 characters more)\``);
  });

  test("a block is one block, whatever its lines are", () => {
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 1 }), (lines) => {
        const nodes = nodesOf(`a\n\n${fence("diff", lines)}\n\nb`);
        expect(nodes.map(({ type }) => type)).toEqual([
          "root",
          "paragraph",
          "text",
          "code",
          "paragraph",
          "text",
        ]);
      }),
    );
  });
});

test("the marker is one comment for each stack, and no name breaks out of it", () => {
  expect(markerOf("loop/dev")).toBe("<!-- sopsloop preview-comment loop%2Fdev -->");
  expect(markerOf("a--!>-->b")).toMatch(MARKER);
  expect(new Set(["a/b", "a/c", "a", undefined, "a-b", "a%2Db"].map(markerOf)).size).toBe(6);
});
