import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { auditJsonSchema, auditSchemaDocs, DOCS_FILE, SCHEMA_FILE } from "./schema-docs";

const root = join(__dirname, "..", "..", "..");
writeFileSync(join(root, SCHEMA_FILE), JSON.stringify(auditJsonSchema()));
execFileSync(join(root, "node_modules", ".bin", "biome"), ["format", "--write", SCHEMA_FILE], { cwd: root });
writeFileSync(join(root, DOCS_FILE), auditSchemaDocs());
