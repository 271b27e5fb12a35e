import type { AuditReport } from "../report-schema";
export function htmlOf(report: AuditReport): string {
  return JSON.stringify(report);
}
