import type { Grant } from "./access/access";
import type { Compared } from "./access/access-change";
import type { Posted } from "./gitlab/own-comment";
import type { Report } from "./report";
// Types only: the schema is for those who read the report.
import type { PreviewCommentReport } from "./report-schema";
import { plainOf } from "./sentence";

/** The report as `--json` prints it. @param posted what became of the comment; absent where none was to be posted. */
export function reportJson(report: Report, posted?: Posted): string {
  return `${JSON.stringify(jsonOf(report, posted), undefined, 2)}\n`;
}

function jsonOf(report: Report, posted: Posted | undefined): PreviewCommentReport {
  const { stack, failure, counts, warnings, changes, access, findings, diagnostics } = report;
  return {
    schema: "sopsloop.preview-comment/1",
    ...(stack !== undefined && { stack }),
    ...(failure !== undefined && { failure }),
    counts,
    warnings: warnings.map(({ lines, files, ...warning }) => ({
      ...warning,
      lines: lines.map(plainOf),
      ...(files && { files: { ...files, lost: [...files.lost] } }),
    })),
    changes: changes.map(({ isProtected, isRetained, properties, ...change }) => ({
      ...change,
      protected: isProtected,
      retained: isRetained,
      properties: [...properties],
    })),
    ...(access && {
      access: {
        key: access.key,
        logins: loginsJson(access.logins),
        deliveries: { ...access.deliveries, pairs: [...access.deliveries.pairs] },
      },
    }),
    ...(findings && { findings: [...findings] }),
    diagnostics: [...diagnostics],
    ...(posted && { posted }),
  };
}

function loginsJson({ unknown, pairs }: Compared<Grant>) {
  return {
    unknown,
    pairs: pairs.map(({ before, after, ...pair }) => ({
      ...pair,
      ...(before && { before: grantJson(before) }),
      ...(after && { after: grantJson(after) }),
    })),
  };
}

function grantJson({ login, who, audience, policies, rights, unknown }: Grant) {
  return {
    login,
    ...(who && { who: who.map(plainOf) }),
    ...(audience !== undefined && { audience }),
    ...(policies && { policies: [...policies] }),
    rights: [...rights],
    unknown: unknown.map(plainOf),
  };
}
