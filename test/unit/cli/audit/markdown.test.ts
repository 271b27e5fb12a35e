import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markdownOf } from "../../../../cli/audit/markdown/report-markdown";
import { nodesOf } from "../preview-comment/support/markdown-tree";
import { nasty, STRANGER } from "../preview-comment/support/strangers";
import { reportOfExport, reportOfOutputs } from "./support/audited";
import { everythingReport } from "./support/everything";
import { outputs } from "./support/stack";
import { STRANGE, strangeReport } from "./support/strange";
import { syntheticExport } from "./support/synthetic";

/** A file beside this one; UPDATE_GOLDEN=1 writes it anew. */
function golden(name: string, text: string): string {
  const file = join(__dirname, "golden", `${name}.md`);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);
  return readFileSync(file, "utf8");
}

describe("the report for a merge request", () => {
  test("everything at once, compared with an earlier one", async () => {
    const text = markdownOf(await everythingReport({ since: true }));
    expect(text).toBe(golden("everything", text));
  });

  test("outputs alone: nothing was judged, and it says so", async () => {
    const text = markdownOf(await reportOfOutputs(outputs()));
    expect(text).toBe(golden("outputs", text));
  });

  test("a large stack is cut to what one reads, and says what is left out", async () => {
    const text = markdownOf(
      await reportOfExport(syntheticExport(200, 50), { policies: true, failOn: "never" }),
    );
    expect(text.length).toBeLessThan(60_000);
    expect(text).toContain("… and 684 more, left out here; `--format json` has them.");
  });
});

describe("nothing that strangers write gets out of its code", () => {
  /** All that the text consists of: neither links nor pictures. */
  const TYPES = new Set([
    ...["root", "heading", "paragraph", "text", "strong", "inlineCode", "html"],
    ...["list", "listItem", "table", "tableRow", "tableCell"],
  ]);
  const FOLDED = /^<details><summary>[\w ]*<\/summary>$|^<\/details>$/;

  function expectHarmless(markdown: string): void {
    const nodes = nodesOf(markdown);
    expect(nodes.filter(({ type }) => !TYPES.has(type))).toEqual([]);
    for (const { value = "" } of nodes.filter(({ type }) => type === "text")) {
      expect(value).not.toContain(STRANGER);
      expect(value).not.toMatch(/@|:\/\//);
    }
    for (const { value } of nodes.filter(({ type }) => type === "html")) expect(value).toMatch(FOLDED);
    // GitLab looks for quick actions in the raw text too.
    expect(markdown).not.toMatch(/^\//m);
    expect(markdown).not.toMatch(/[^\P{C}\n]/u);
  }

  test("names that are Markdown and HTML themselves", () => {
    expectHarmless(markdownOf(strangeReport()));
    expect(markdownOf(strangeReport())).toContain(`\`${STRANGE[2]}\``);
  });

  test("any others", () => {
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 4, maxLength: 8 }), (texts) => {
        expectHarmless(markdownOf(strangeReport(texts)));
      }),
      { numRuns: 40 },
    );
  });
});
