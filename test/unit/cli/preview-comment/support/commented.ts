import { commentOf } from "../../../../../cli/preview-comment/markdown/comment";
import { markerOf } from "../../../../../cli/preview-comment/markdown/marker";
import { readPreview } from "../../../../../cli/preview-comment/preview/read-preview";
import { type Report, type ReportSources, reportOf } from "../../../../../cli/preview-comment/report";
import { reportJson } from "../../../../../cli/preview-comment/report-json";
import { Scrubber } from "../../../../../cli/preview-comment/secrets/scrubber";

/** From the engine's text to all that the command would show. */
export function commented(
  text: string,
  sources: ReportSources = {},
): { report: Report; markdown: string; json: string } {
  const preview = readPreview(text, "preview.json");
  const report = new Scrubber(preview.hidden).all(reportOf(preview, sources));
  return { report, markdown: commentOf(report, markerOf(report.stack)), json: reportJson(report) };
}
