import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FINDINGS_FILE, findingsDocs } from "../../../../../cli/audit/kinds/findings-docs";
import type { Kind } from "../../../../../cli/audit/kinds/kind";
import { LIVE_KINDS, VAULT_LOG_KINDS } from "../../../../../cli/audit/kinds/kinds";

const KINDS = Object.entries<Kind>({ ...LIVE_KINDS, ...VAULT_LOG_KINDS });

test("docs/audit-findings.md is what npx tsx cli/audit/kinds/generate-docs.ts writes", () => {
  expect(readFileSync(join(__dirname, "..", "..", "..", "..", "..", FINDINGS_FILE), "utf8")).toBe(
    findingsDocs(),
  );
});

test.each(KINDS)("%s is told once, in sentences", (id, { means, mend }) => {
  expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
  expect(means).toMatch(/^(kustomize-controller|[A-Z]).*\.$/);
  expect(mend).toMatch(/\w/);
  expect(findingsDocs().split(`| \`${id}\` |`)).toHaveLength(2);
});
