import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { htmlOf } from "../../cli/audit/html/page";
import { html, joined } from "../../cli/audit/html/safe-html";
import type { AuditReport } from "../../cli/audit/report-schema";
import { findBrowser, launch } from "../pages/support/browser";
import { reportOfExport } from "../unit/cli/audit/support/audited";
import { syntheticExport } from "../unit/cli/audit/support/synthetic";
import type { Benchmark } from "./benchmark";
import { atMost, sampleTable } from "./support/report";
import { interleaved } from "./support/timing";

const IDENTITIES = 200;
const KEYS = 50;
/** All rows are in the page, and two pictures of it have been drawn. */
const DRAWN =
  "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(document.body.offsetHeight))))";

/** The same identities, keys and rights in a table without anything else: the least that any page has to show. */
function bareTable({ identities, keys, grants }: AuditReport): string {
  const rights = new Map(grants.map((grant) => [`${grant.identity} ${grant.key}`, grant.rights.join(", ")]));
  const rows = identities.map(
    (who) =>
      html`<tr><th>${who.name}</th>${joined(keys.map((key) => html`<td>${rights.get(`${who.id} ${key.id}`)}</td>`))}</tr>`,
  );
  const heads = keys.map(({ name }) => html`<th>${name}</th>`);
  return html`<!doctype html><meta charset="utf-8"><title>bare</title><table><tr><td></td>${heads}</tr>${joined(rows)}</table>`
    .text;
}

/** How long a browser takes to show the page of a large stack. */
export const audit: Benchmark = {
  name: "audit",
  title: "The audit page of a large stack in a browser, against a bare table",
  async measure(workshop) {
    const executable = await findBrowser();
    if (executable === undefined) throw new Error("there is no browser to measure in");
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-bench-audit-"));
    workshop.afterwards(async () => rmSync(folder, { recursive: true, force: true }));
    const report = await reportOfExport(syntheticExport(IDENTITIES, KEYS), {
      policies: true,
      failOn: "never",
    });
    const texts = { page: htmlOf(report), bare: bareTable(report) };
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, `${name}.html`), text);
    const browser: Browser = await launch(executable);
    workshop.afterwards(() => browser.close());
    const shown = (name: keyof typeof texts) => {
      let page: Page;
      return {
        prepare: async () => {
          page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
        },
        run: async () => {
          await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
          await page.evaluate(DRAWN);
        },
        settle: () => page.close(),
      };
    };
    const candidates = [
      { name: "the page", ...shown("page") },
      { name: "a bare table", ...shown("bare") },
    ];
    const [ours, bare] = await interleaved(candidates, workshop.runs);
    if (!ours || !bare) throw new Error("two candidates give two samples");
    const kib = (text: string) => Math.round(Buffer.byteLength(text) / 1024);
    return {
      blocks: [
        sampleTable({ "the page": ours, "a bare table": bare }),
        `${IDENTITIES} identities, ${KEYS} keys, ${report.grants.length} grants, ${report.findings.length} findings; ${kib(texts.page)} KiB against ${kib(texts.bare)} KiB. From the call until two pictures have been drawn, headless Chromium.`,
      ],
      verdicts: [
        atMost("seconds", ours.median / 1000, 1),
        atMost("ratio of medians, to the bare table", ours.median / bare.median, 3),
      ],
    };
  },
};
