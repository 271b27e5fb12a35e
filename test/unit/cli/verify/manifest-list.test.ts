import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { list, unlist } from "../../../../cli/verify/end-to-end/manifest-list";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-list-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const FILE = "sopsloop-verify-0123.sops.yaml";
const write = (text: string) => writeFileSync(join(folder, "kustomization.yaml"), text);
const read = () => readFileSync(join(folder, "kustomization.yaml"), "utf8");

test.each([
  ["resources:\n  - a.yaml\n", `resources:\n  - ${FILE}\n  - a.yaml\n`],
  ["resources:\n- a.yaml\n- b.yaml\n", `resources:\n- ${FILE}\n- a.yaml\n- b.yaml\n`],
  [
    "# resources:\nkind: Kustomization\nresources: # ours\n\n  # first\n  - a.yaml\nimages: []\n",
    `# resources:\nkind: Kustomization\nresources: # ours\n\n  # first\n  - ${FILE}\n  - a.yaml\nimages: []\n`,
  ],
])("a file is put into %j, and taken out again without a trace", (before, after) => {
  write(before);
  list(folder, FILE);
  expect(read()).toBe(after);
  unlist(folder, FILE);
  expect(read()).toBe(before);
});

test.each(["resources: [a.yaml]\n", "resources: []\n", "namePrefix: x\n"])("%j is left alone", (text) => {
  write(text);
  expect(() => list(folder, FILE)).toThrow(/lists no resources one a line/);
  expect(read()).toBe(text);
});

test("a folder without a list, or none at all, needs none", () => {
  list(folder, FILE);
  unlist(join(folder, "nowhere"), FILE);
  expect(() => read()).toThrow(/ENOENT/);
});
