import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DOCS_FILE, policyDocs } from "./docs/policy-docs";

writeFileSync(join(__dirname, "..", DOCS_FILE), policyDocs());
