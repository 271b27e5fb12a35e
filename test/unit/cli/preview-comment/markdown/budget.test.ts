import { describe, expect, test } from "vitest";
import { commented } from "../support/commented";
import { digestOf, eventsOf } from "../support/engine";
import { key, largePreview } from "../support/large-preview";

const GITLAB_TAKES = 1_000_000;

describe("5,000 resources", { timeout: 60_000 }, () => {
  const preview = largePreview(5_000);

  test.each([
    ["digest", digestOf],
    ["events", eventsOf],
  ])("%s: readable, with every key that goes, and it says what was left out", (_, print) => {
    const { markdown, report } = commented(print(preview));
    expect(report.changes).toHaveLength(5_000);
    expect(markdown.length).toBeLessThan(100_000);
    for (let at = 0; at < 100; at++) {
      expect(markdown).toContain(`| ⚠️ **delete** transit key | \`key-${at}\` |`);
      expect(markdown).toContain(`- ⚠️ **Deletes the transit key \`transit/keys/key-${at}\``);
    }
    expect(markdown).toContain("**980 to replace**, **1080 to delete**, 1960 to update, 980 to create");
    const rows = markdown
      .split("\n")
      .filter((line) => /^\| (?:replace|delete|update|create) /.test(line)).length;
    expect(rows).toBeGreaterThan(100);
    const left = [...markdown.matchAll(/^… and (.*), left out here; `--json` has them\.$/gm)].map(
      ([, counts = ""]) => counts,
    );
    const total = (counts: string) =>
      [...counts.matchAll(/\d+/g)].reduce((sum, [count]) => sum + Number(count), 0);
    expect(total(left[0] ?? "")).toBe(4_900 - rows);
    expect(left[1]).toMatch(/^those of .* creates$/);
  });

  test("the JSON leaves out none", () => {
    const { json } = commented(digestOf(preview));
    expect((JSON.parse(json) as { changes: object[] }).changes).toHaveLength(5_000);
  });
});

test("more keys than GitLab has room for: as many as fit, and how many more", { timeout: 60_000 }, () => {
  const { markdown } = commented(
    digestOf({ before: {}, steps: Array.from({ length: 9_000 }, (_, at) => key(at)) }),
  );
  expect(markdown.length).toBeLessThan(GITLAB_TAKES);
  expect(markdown).toMatch(/^- … and \d+ more, which GitLab has no room for; `--json` has them\.$/m);
});

test("long texts are cut, and say by how much", () => {
  const lines = Array.from({ length: 5_000 }, (_, at) => `line ${at}`).join("\n");
  const { markdown } = commented(
    eventsOf({
      before: {},
      steps: [
        { op: "create", type: "a:b:C", name: "x", new: { long: "y".repeat(10_000), lines } },
        {
          op: "update",
          type: "a:b:C",
          name: "z",
          old: { v: lines },
          new: { v: lines.replaceAll("line", "other") },
        },
      ],
      diagnostics: [{ severity: "error", message: "m".repeat(100_000) }],
    }),
  );
  expect(markdown.length).toBeLessThan(20_000);
  expect(markdown).toContain("  … 4881 lines more");
  expect(markdown).toMatch(/\+ long: y+… \(\d+ characters more\)/);
  expect(markdown).toMatch(/m… \(98000 characters more\)/);
  expect(markdown).toContain("+   5000 lines, too different to compare here");
});

test("messages: errors first, others as far as there is room", () => {
  const diagnostics = Array.from({ length: 200 }, (_, at) => ({
    severity: at % 2 ? "error" : "info",
    message: `m${at} ${"x".repeat(100)}`,
  }));
  const { markdown } = commented(eventsOf({ before: {}, diagnostics }));
  expect(markdown).toContain("m1 x");
  expect(markdown).not.toContain("m0 x");
  const shown = markdown.split("❌ **error**:").length - 1;
  expect(shown).toBeGreaterThan(10);
  expect(markdown).toContain(`… and ${200 - shown} more, left out here`);
});
