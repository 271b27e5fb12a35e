import type { AuditReport } from "../../report-schema";
import { drawingOf } from "../graph/drawing";
import { folded } from "../graph/folded";
import { graphOf } from "../graph/graph-of";
import { layoutOf } from "../graph/layout";
import { html, type SafeHtml } from "../safe-html";
import type { Terms } from "../terms";
import { pathsTable } from "./paths";
import { section, wide } from "./section";

/** The trust paths as a picture, and in words below it. `rules` go into the page's style. */
export function trustPaths(report: AuditReport, terms: Terms): { section: SafeHtml; rules: string } {
  const whole = graphOf(report, terms);
  if (whole.edges.length === 0)
    return { section: section("trust", "Trust paths", html`<p class="none">There are none.</p>`), rules: "" };
  const shown = folded(whole);
  const { svg, rules } = drawingOf(
    layoutOf(shown),
    "Trust paths, from identities to the cluster's Secrets; the table below says the same",
  );
  const isFolded = shown.nodes.length < whole.nodes.length;
  const note = `Strong lines: the right to decrypt goes along them. Point at a box to see every way through it.${isFolded ? " Columns that would be too long show groups; the table has every single path." : ""}`;
  return {
    section: section(
      "trust",
      "Trust paths",
      html`${wide("Drawing of the trust paths", svg, "drawing")}${pathsTable(report, terms)}`,
      note,
    ),
    rules,
  };
}
