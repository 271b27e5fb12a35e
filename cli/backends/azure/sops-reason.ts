/**
 * What Azure told sops, on one line; undefined where sops failed for another reason. sops itself prints answers whole, with what matters
 * somewhere in dozens of lines. @param stderr of sops, as it is.
 */
export function azureReason(stderr: string): string | undefined {
  const status = /^\s*RESPONSE (\d{3})\b/m.exec(stderr)?.[1];
  const told = /"(?:message|error_description)": "((?:[^"\\]|\\.)*)"/.exec(stderr)?.[1];
  if (status === undefined || told === undefined) return undefined;
  const lines = told.split(/\\r\\n|\\n/).map((line) => line.replace(/\\(.)/g, "$1").trim());
  const action = lines.flatMap((line) => /^Action: '([^']+)'$/.exec(line)?.[1] ?? [])[0];
  const [first = ""] = lines;
  if (action !== undefined)
    return `Azure answers ${status}: the identity needs ${action} on the key; give its role that data action`;
  return `Azure answers ${status}: ${first.replace(/ Trace ID: .*$/, "").slice(0, 300)}`;
}
