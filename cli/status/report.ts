// Types only: the schema library is not worth its loading time for printing.
import type { StatusReport } from "./report-schema";
import type { TreeStatus } from "./tree-status";

/** The report as `--json` prints it. */
export function reportOf(status: TreeStatus): StatusReport {
  return {
    schema: "sopsloop.status/1",
    summary: status.summary,
    keys: status.keys.map(({ older, ...key }) => ({ ...key, ...(older && { older: [...older] }) })),
    files: status.files.map(({ recipients, ...file }) => ({
      ...file,
      recipients: recipients.map(({ recipient: { kind, key, group, version }, state }) => ({
        kind,
        key,
        group,
        ...(version !== undefined && { version }),
        state: state.state,
        ...(state.state === "stale" && { behind: state.behind }),
      })),
    })),
    findings: status.findings.map(({ check, path, line, subject, message }) => ({
      check,
      path,
      line,
      subject,
      message,
    })),
    skipped: status.skipped.map(({ path, why }) => ({ path, why })),
  };
}
