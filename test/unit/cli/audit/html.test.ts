import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { htmlOf } from "../../../../cli/audit/html/page";
import { html, SafeHtml } from "../../../../cli/audit/html/safe-html";
import { nasty } from "../preview-comment/support/strangers";
import { everythingReport } from "./support/everything";
import { strangeReport } from "./support/strange";

describe("html: what is filled in is text", () => {
  test("in elements and in attributes", () => {
    const name = `<b a="1" b='2'>&amp;\`</b>`;
    expect(html`<i title="${name}">${name}</i>`.text).toBe(
      '<i title="&#60;b a=&#34;1&#34; b=&#39;2&#39;&#62;&#38;amp;&#96;&#60;/b&#62;">&#60;b a=&#34;1&#34; b=&#39;2&#39;&#62;&#38;amp;&#96;&#60;/b&#62;</i>',
    );
  });

  test("pieces stay what they are, lists too; nothing stays nothing", () => {
    expect(html`${html`<b>${"<"}</b>`}${["a", new SafeHtml("<i>"), 3]}${undefined}`.text).toBe(
      "<b>&#60;</b>a<i>3",
    );
  });

  test("signs that one does not see are shown", () => {
    expect(html`${"\u202ea\u0000b\u200bc\ud800"}`.text).toBe("\ufffda\ufffdb\ufffdc\ufffd");
  });
});

describe("the page", () => {
  test("its own policy lets in its one style and nothing else", async () => {
    const page = htmlOf(await everythingReport({ since: true }));
    const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    // The policy stands before the style, else it would not be for it.
    expect(page.indexOf("Content-Security-Policy")).toBeLessThan(page.indexOf("<style>"));
    expect(page).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
    );
    expect(style).not.toMatch(/@import|url\(|expression/);
    expect(page).not.toMatch(/<script|<img|<link|<iframe|\sstyle=|\son\w+=|href="(?!#)/);
  });

  test("the same report gives the same page", async () => {
    expect(htmlOf(await everythingReport())).toBe(htmlOf(await everythingReport()));
  });

  test("whatever strangers call things, no tag of theirs and no sign of theirs that is not shown", () => {
    const known = tagsOf(htmlOf(strangeReport(["a", "b", "c", "d", "e"])));
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 4, maxLength: 8 }), (texts) => {
        const page = htmlOf(strangeReport(texts));
        expect([...tagsOf(page)].filter((tag) => !known.has(tag))).toEqual([]);
        expect(page).not.toMatch(/[^\P{C}\n]/u);
      }),
      { numRuns: 30 },
    );
  });

  test("without what was not asked for", async () => {
    const { files: _, changes: __, ...report } = await everythingReport({ since: true });
    const page = htmlOf(report);
    for (const id of ["files", "changes"]) expect(page).not.toContain(`id="${id}"`);
    expect(page).not.toContain("Stale files");
  });

  test("of an empty stack", () => {
    const { files: _, changes: __, ...strange } = strangeReport();
    const nothing = {
      keys: [],
      identities: [],
      grants: [],
      deliveries: [],
      triggers: [],
      findings: [],
      skipped: [],
    };
    const page = htmlOf({ ...strange, ...nothing, checks: [] });
    for (const words of ["Nobody may do anything.", "There are none.", "Nothing was judged"])
      expect(page).toContain(words);
  });
});

/** Names of the elements, and of their attributes. */
function tagsOf(page: string): ReadonlySet<string> {
  const body = page.replace(/<style>[\s\S]*?<\/style>/, "");
  const tags = [...body.matchAll(/<\/?([a-z!][^\s>/]*)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>|<[^>]*/gi)];
  return new Set(
    tags.flatMap(([whole, name, given]) => (name === undefined ? [whole] : [name, ...attributesOf(given)])),
  );
}

function attributesOf(given = ""): string[] {
  return [...given.matchAll(/([\w-]+)(?:="[^"]*")?/g)].map(([, name = ""]) => `@${name}`);
}
