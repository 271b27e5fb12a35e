import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  auditJsonSchema,
  auditSchemaDocs,
  DOCS_FILE,
  SCHEMA_FILE,
} from "../../../../cli/audit/docs/schema-docs";

const root = join(__dirname, "..", "..", "..", "..");

test("docs/audit-schema.md and .json are what the schema says (npx tsx cli/audit/docs/generate.ts writes them)", () => {
  expect(readFileSync(join(root, DOCS_FILE), "utf8")).toBe(auditSchemaDocs());
  expect(JSON.parse(readFileSync(join(root, SCHEMA_FILE), "utf8"))).toEqual(
    JSON.parse(JSON.stringify(auditJsonSchema())),
  );
});
