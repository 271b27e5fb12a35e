import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { htmlOf } from "../../cli/audit/html/page";
import { findOnPath } from "../../sandbox/toolchain/on-path";
import { reportOfExport } from "../unit/cli/audit/support/audited";
import { everythingReport } from "../unit/cli/audit/support/everything";
import { syntheticExport } from "../unit/cli/audit/support/synthetic";
import { findBrowser, launch } from "./support/browser";

const TARGET = join(__dirname, "..", "..", "docs", "pictures");

/** Pictures for docs/audit.md: a page, how it is looked at, and the parts from and to which it is shown. */
const PICTURES = [
  { name: "audit-light", report: "everything", scheme: "light", from: "#access", to: "#trust .drawing" },
  { name: "audit-dark", report: "everything", scheme: "dark", from: "header.top", to: "#changes" },
  { name: "audit-large", report: "large", scheme: "light", from: "#access", to: "#trust .drawing" },
] as const;

/** Draws them anew: npx tsx test/pages/pictures.ts */
async function main(): Promise<void> {
  const executable = await findBrowser();
  if (executable === undefined) throw new Error("there is no browser to draw them in");
  const folder = mkdtempSync(join(tmpdir(), "sopsloop-pictures-"));
  const browser = await launch(executable);
  try {
    mkdirSync(TARGET, { recursive: true });
    const reports = {
      everything: await everythingReport({ since: true }),
      large: await reportOfExport(syntheticExport(200, 50), { policies: true, failOn: "never" }),
    };
    for (const [name, report] of Object.entries(reports))
      writeFileSync(join(folder, `${name}.html`), htmlOf(report));
    for (const { name, report, scheme, from, to } of PICTURES) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: scheme });
      await page.goto(pathToFileURL(join(folder, `${report}.html`)).href);
      const [first, last] = await Promise.all([from, to].map((part) => page.locator(part).boundingBox()));
      if (!first || !last) throw new Error(`${name}: the page has no ${from} or no ${to}`);
      const clip = { x: 0, y: first.y, width: 1280, height: last.y + last.height + 24 - first.y };
      const path = join(TARGET, `${name}.png`);
      await page.screenshot({ path, clip, fullPage: true });
      await page.close();
      // A third of the size, and nothing that one sees.
      if (findOnPath("pngquant"))
        execFileSync("pngquant", ["--force", "--ext", ".png", "--strip", "48", path]);
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
