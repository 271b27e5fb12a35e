import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

const ROOT = join(__dirname, "..", "..", "..");

const EXAMPLES = readFileSync(join(ROOT, "docs", "pipelines.md"), "utf8");

/** The CI file in docs/pipelines.md whose first line is this remark; all of them without one. */
export function documentedCiFiles(remark?: string): string[] {
  const blocks = [...EXAMPLES.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
  const chosen = blocks.filter((text) => remark === undefined || text.startsWith(`# ${remark}\n`));
  expect(chosen.length).toBeGreaterThan(0);
  return chosen;
}

/** A component of this project's, as it is vendored. */
export function componentText(name: "chart" | "rewrap" | "status"): string {
  return readFileSync(join(ROOT, "pipelines", `${name}.yml`), "utf8");
}
