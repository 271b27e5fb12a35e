import { createHash } from "node:crypto";
import type { AuditReport } from "../report-schema";
import { html, joined, NOTHING, SafeHtml } from "./safe-html";
import { changes } from "./sections/changes";
import { files } from "./sections/files";
import { findings } from "./sections/findings";
import { flux, triggers } from "./sections/flux";
import { trustPaths } from "./sections/graph";
import { head } from "./sections/head";
import { keys } from "./sections/keys";
import { log } from "./sections/log";
import { matrix } from "./sections/matrix";
import { skipped } from "./sections/skipped";
import { BASE } from "./styles/base";
import { DRAWINGS } from "./styles/drawings";
import { MATRIX } from "./styles/matrix";
import { PARTS } from "./styles/parts";
import { Terms } from "./terms";

/**
 * The report as one page that needs nothing else: no script, no font, no picture from elsewhere. Its own policy forbids all of it, so
 * that a name which got by the escaping could load and run nothing.
 */
export function htmlOf(report: AuditReport): string {
  const terms = new Terms(report);
  const trust = trustPaths(report, terms);
  const style = `${BASE}${PARTS}${MATRIX}${DRAWINGS}${trust.rules}\n`;
  const hash = createHash("sha256").update(style).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const title = report.stack === undefined ? "Who can decrypt what" : `${report.stack}: who can decrypt what`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="sopsloop audit">
<title>${title}</title>
<style>${new SafeHtml(style)}</style>
</head>
<body>
<a class="skip" href="#main">To the report</a>
${head(report)}
${navigation(report)}
<main id="main">
${joined([
  changes(report.changes),
  matrix(report, terms),
  trust.section,
  findings(report),
  keys(report, terms),
  flux(report, terms),
  files(report, terms),
  triggers(report),
  log(report),
  skipped(report),
])}</main>
<footer><p>Holds no secret: names, rights and times only. The same as data: <code>sopsloop audit --format json</code> (schema <code>${report.schema}</code>).</p></footer>
</body>
</html>
`.text;
}

function navigation({ changes, files, triggers, log, skipped }: AuditReport): SafeHtml {
  const parts: readonly (readonly [id: string, title: string, isThere: boolean])[] = [
    ["changes", "Differences", changes !== undefined],
    ["access", "Who can decrypt what", true],
    ["trust", "Trust paths", true],
    ["findings", "Findings", true],
    ["keys", "Keys", true],
    ["flux", "Flux", true],
    ["files", "Files", files !== undefined],
    ["triggers", "Pipelines", triggers.length > 0],
    ["log", "Audit log", log !== undefined],
    ["skipped", "Not looked at", skipped.length > 0],
  ];
  const links = parts.map(([id, title, isThere]) =>
    isThere ? html`<li><a href="#${id}">${title}</a></li>` : NOTHING,
  );
  return html`<nav aria-label="Parts of the report"><ul>${links}</ul></nav>`;
}
