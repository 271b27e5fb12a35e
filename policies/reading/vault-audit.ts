import type { Subject } from "../values/subject";

export const AUDIT = "vault:index/audit:Audit";

/** Where an audit device of type file writes, as long as what it writes is gone; undefined for one that keeps it. */
export function discards(audit: Subject): string | undefined {
  if (audit.text("type") !== "file") return undefined;
  const path = audit.text("options.file_path") ?? "";
  return ["discard", "/dev/null", ""].includes(path) ? path || "no file" : undefined;
}
