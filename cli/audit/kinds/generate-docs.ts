import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FINDINGS_FILE, findingsDocs } from "./findings-docs";

writeFileSync(join(__dirname, "..", "..", "..", FINDINGS_FILE), findingsDocs());
