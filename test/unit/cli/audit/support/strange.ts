import type { AuditReport } from "../../../../../cli/audit/report-schema";

/** Names that would be something else in Markdown, in HTML, in an attribute or in a terminal. */
export const STRANGE = [
  '"><script>alert(1)</script>',
  "' onmouseover='alert(1)",
  "<img src=https://evil.example/x onerror=alert(1)>",
  "</title></style><svg/onload=alert(1)>",
  "](javascript:alert(1)) | a |\n/close\n@all ![x](https://evil.example/y)",
  "\u202egnp.exe\u0000\u001b[31m",
  "--><!-- {{x}} `code` {x}",
  "&lt;b&gt; &amp;",
] as const;

const SEEN = { count: 1, first: "2026-11-01T06:00:00.000Z", last: "2026-11-01T06:00:00.000Z" };

/** A report in which every text that comes from elsewhere is one of them. */
export function strangeReport(texts: readonly string[] = STRANGE): AuditReport {
  const t = (at: number) => texts[at % texts.length] ?? "";
  const key = (at: number): AuditReport["keys"][number] => ({
    ...{
      id: `${at} ${t(at)}`,
      backend: "vault",
      name: t(at),
      type: t(at + 1),
      current: t(at + 2),
      oldestUsable: t(at + 3),
    },
    versions: [{ version: t(at + 2), state: "current", created: "2026-01-01T00:00:00.000Z", files: 2 }],
    ...{ rotation: t(at + 4), rotatesAt: "2026-02-01T00:00:00.000Z", expires: t(at + 5) },
  });
  const ids = texts.map((text, at) => `${at} ${text}`);
  const grants = ids.flatMap((identity, at) =>
    [at, at + 1].map((other): AuditReport["grants"][number] => ({
      ...{
        identity,
        key: ids[other % ids.length] ?? "",
        rights: ["decrypt", t(at)],
        unknown: [t(at + 1)],
        origin: "live",
      },
      paths: [
        { login: t(other), policies: [t(at + 2), t(at + 3)], rights: ["decrypt"], conditions: [t(at + 4)] },
      ],
    })),
  );
  const finding = (at: number): AuditReport["findings"][number] => ({
    ...{
      id: t(at),
      severity: "critical",
      origin: "files",
      where: t(at + 1),
      what: t(at + 2),
      mend: t(at + 3),
    },
  });
  const right = { identity: t(0), identityName: t(1), key: t(2), keyName: t(3), rights: [t(4)] };
  const summary = { keys: 8, identities: 8, decryptors: 8, stale: 1 };
  return {
    ...{
      schema: "sopsloop.audit/1",
      made: "2026-11-26T12:00:00.000Z",
      stack: t(0),
      source: { kind: "export" },
    },
    summary: { ...summary, findings: { critical: texts.length, high: 0, medium: 0, low: 0 } },
    keys: texts.map((_, at) => key(at)),
    identities: texts.map((name, at) => ({ id: `${at} ${name}`, kind: "login", name, group: t(at + 1) })),
    grants,
    deliveries: ids.map((identity, at) => ({
      ...{
        name: t(at),
        identity,
        folder: t(at + 1),
        source: t(at + 2),
        branch: t(at + 3),
        namespace: t(at + 4),
      },
      ...{ keys: [identity], files: 1 },
    })),
    triggers: texts.map((name, at) => ({ name, kind: "token", starts: t(at + 1), when: t(at + 2) })),
    files: {
      ...{ fresh: 0, stale: texts.length, unknown: 0, asked: true },
      list: texts.map((path, at) => ({
        ...{ path, state: "stale", behind: 1, deliveries: [t(at + 1)] },
        keys: [{ key: t(at + 2), version: t(at + 3) }],
      })),
    },
    log: {
      ...{ lines: 3, unreadable: 1, from: "2026-11-01T06:00:00.000Z", to: "2026-11-02T06:00:00.000Z" },
      uses: texts.map((identity, at) => ({
        ...{ identity, key: t(at + 1), operation: t(at + 2), by: t(at + 3), result: "refused", items: 1 },
        ...SEEN,
      })),
      refusedLogins: [{ path: t(0), addresses: [t(1), t(2)], ...SEEN }],
      changes: [{ identity: t(0), path: t(1), operation: t(2), ...SEEN }],
    },
    findings: texts.map((_, at) => finding(at)),
    checks: ["files", t(0)],
    skipped: [{ id: t(0), why: t(1) }],
    changes: {
      ...{
        since: "2026-10-26T12:00:00.000Z",
        gained: [right],
        lost: [right],
        keys: [{ key: t(0), what: t(1) }],
      },
      deliveries: { new: [t(0)], gone: [t(1)], changed: [t(2)] },
      findings: { new: [finding(0)], gone: [finding(1)] },
    },
  };
}
