import { describe, expect, test } from "vitest";
import { readPreview } from "../../../../../cli/preview-comment/preview/read-preview";
import { digestOf, eventsOf } from "../support/engine";

const read = (text: string) => readPreview(text, "preview.json");

describe("what a preview says of its own end", () => {
  const finding = { message: "no", policyName: "p", policyPackName: "pack" };

  test("events: failed by the summary, by a mandatory policy, or cut short", () => {
    expect(read(eventsOf({})).failure).toBeUndefined();
    expect(read(eventsOf({ result: "failed" })).failure).toBe(
      "Its output does not say why; the job's log may.",
    );
    const mandatory = [{ ...finding, enforcementLevel: "mandatory" }];
    expect(read(eventsOf({ findings: mandatory, result: "failed" })).failure).toBe(
      "A mandatory policy is not kept.",
    );
    const advisory = [{ ...finding, enforcementLevel: "advisory" }];
    expect(read(eventsOf({ findings: advisory })).failure).toBeUndefined();
    const whole = eventsOf({ steps: [{ op: "create", type: "a:b:C", name: "x", new: {} }] });
    const torn = read(whole.slice(0, whole.indexOf('"summaryEvent"')));
    expect(torn.failure).toMatch(/^The output ends in the middle/);
    expect(torn.changes).toHaveLength(2);
  });

  test("digest: failed by an error, or without an end; its policies are not known", () => {
    const text = digestOf({ before: {} });
    expect(read(text)).toMatchObject({ failure: undefined, findings: undefined });
    const { changeSummary, ...without } = JSON.parse(text) as Record<string, unknown>;
    expect(changeSummary).toBeDefined();
    expect(read(JSON.stringify(without)).failure).toBe("Its output does not say why; the job's log may.");
    const failed = digestOf({ diagnostics: [{ severity: "error", message: "error: no" }] });
    expect(read(failed).failure).toBe("The errors are under Messages.");
  });

  test("events: outputs of afterwards only from a program that came to its end", () => {
    const [before, after] = [{ audit: { a: 1 } }, { audit: { a: 2 } }];
    expect(read(eventsOf({ before, after })).outputs).toMatchObject({ before, after });
    expect(read(eventsOf({ before })).outputs.after).toBeUndefined();
    expect(read(eventsOf({ before, after: before, result: "failed" })).outputs.after).toBeUndefined();
  });

  test("nothing at all is a failure, and not an error of the command", () => {
    expect(read(" \n")).toMatchObject({
      stack: undefined,
      changes: [],
      failure: expect.stringContaining("printed nothing"),
    });
  });
});

test.each([
  ["hello", 1],
  ["{}", 1],
  ['{"name":"a package"}', 1],
  ["[1]", 1],
  [`warning: mixed in\n${eventsOf({})}`, 1],
  [`${eventsOf({}).split("\n")[0]}\nwarning: password=hunter2\n${eventsOf({}).split("\n")[1]}`, 2],
])("%j is no preview: one line that quotes nothing of it", (text, line) => {
  expect(() => read(text)).toThrow(
    `preview.json: line ${line} is not what pulumi preview --json prints; give its standard output alone, without 2>&1`,
  );
});
