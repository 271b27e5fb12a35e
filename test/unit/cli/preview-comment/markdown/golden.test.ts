import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { previewCommentReport } from "../../../../../cli/preview-comment/report-schema";
import { encrypted, recipient } from "../../status/sample";
import { audit, policy, role } from "../support/audit";
import { commented } from "../support/commented";
import { DIGEST_SECRET, eventsOf, STACK_URN, type TestPreview, UNKNOWN } from "../support/engine";
import { FORMS, RECORDED, recorded } from "../support/recorded";

const GOLDEN = join(__dirname, "..", "golden");
const KEY = "https://vault.example.com:8200/v1/transit/keys/sops";

/** Something of everything that a comment can have, none of it recorded. */
const everything: TestPreview = {
  before: { audit: audit(), vaultTransitUri: KEY },
  after: {
    audit: audit({
      roles: [role("flux-system", "kustomize-controller", ["sops-pipeline"]), role("ops", "flux")],
      policies: {
        ...audit().policies,
        "sops-rewrap": policy('path "transit/*" {\n  capabilities = ["update"]\n}\n'),
      },
    }),
  },
  result: "failed",
  steps: [
    {
      ...{
        op: "replace",
        type: "vault:index/mount:Mount",
        name: "sops-mount",
        keys: ["path"],
        protect: true,
      },
      ...{ old: { path: "transit", type: "transit" }, new: { path: "transit2", type: "transit" } },
      detailed: { path: "update-replace" },
    },
    {
      ...{ op: "update", type: "vault:index/policy:Policy", name: "sops-rewrap", diffs: ["policy"] },
      old: { name: "sops-rewrap", policy: audit().policies["sops-rewrap"]?.text },
      new: { name: "sops-rewrap", policy: 'path "transit/*" {\n  capabilities = ["update"]\n}\n' },
    },
    {
      ...{
        op: "update",
        type: "gitlab:index/projectVariable:ProjectVariable",
        name: "db",
        diffs: ["value", "masked"],
      },
      ...{ old: { value: DIGEST_SECRET, masked: false }, new: { value: DIGEST_SECRET, masked: true } },
    },
    { op: "import", type: "a:b:C", name: "adopted", new: { id: UNKNOWN, settings: { b: [1, 2], a: "x" } } },
    {
      op: "delete",
      type: "vault:kubernetes/authBackendRole:AuthBackendRole",
      name: "kept",
      old: {},
      retain: true,
    },
    { op: "transmogrify", type: "a:b:C", name: "odd", old: {}, new: {} },
  ],
  findings: [
    {
      policyName: "vault-key-not-exportable",
      policyPackName: "sopsloop",
      enforcementLevel: "mandatory",
      message: "the key is exportable",
      resourceUrn: "urn:pulumi:dev::loop::a:b:C::sops-key",
    },
    {
      policyName: "vault-audit-device",
      policyPackName: "sopsloop",
      enforcementLevel: "advisory",
      message: "no audit device\nset vault.audit",
      resourceUrn: STACK_URN,
    },
  ],
  diagnostics: [
    { severity: "error", message: "error: preview failed\n" },
    { severity: "info", message: "printed\n" },
  ],
};

/** Prepared, so that a change of the wording is seen as one. `vitest -u` writes them anew. */
describe("the comment, word for word", () => {
  for (const name of RECORDED)
    for (const form of Object.keys(FORMS) as (keyof typeof FORMS)[])
      test(`recorded: ${name}, ${form}`, async () => {
        const { markdown } = commented(recorded(name, form));
        await expect(markdown).toMatchFileSnapshot(join(GOLDEN, `${name}.${form}.md`));
      });

  test("made up: something of everything, with a checkout of the deploy repository", async () => {
    const files = {
      encrypted: ["apps/db.sops.yaml", "apps/mail.sops.yaml"].map((path) =>
        encrypted(path, { recipients: [recipient("hc_vault", KEY, "2")] }),
      ),
      unreadable: 1,
    };
    const { markdown } = commented(eventsOf(everything), { files });
    await expect(markdown).toMatchFileSnapshot(join(GOLDEN, "everything.md"));
  });

  test("nothing to do", async () => {
    const { markdown } = commented(eventsOf({ before: { audit: audit() }, after: { audit: audit() } }));
    await expect(markdown).toMatchFileSnapshot(join(GOLDEN, "nothing.md"));
  });

  test("nothing printed", async () => {
    await expect(commented("").markdown).toMatchFileSnapshot(join(GOLDEN, "empty.md"));
  });
});

describe("the report as JSON", () => {
  test.each(RECORDED)("%s keeps to its schema", (name) => {
    for (const form of Object.keys(FORMS) as (keyof typeof FORMS)[])
      expect(
        previewCommentReport.safeParse(JSON.parse(commented(recorded(name, form)).json)).error,
      ).toBeUndefined();
  });

  test("so does one with something of everything, and it says what the comment says", () => {
    const findings = everything.findings?.slice(1) ?? [];
    const { json, report } = commented(
      eventsOf({ ...everything, findings, result: "succeeded", diagnostics: [] }),
    );
    const read = previewCommentReport.parse(JSON.parse(json));
    expect(read).toMatchObject({ stack: "loop/dev", counts: report.counts });
    expect(read.changes).toHaveLength(report.changes.length);
    expect(read.warnings[0]).toMatchObject({
      guard: "key store",
      change: "replace",
      urn: expect.stringContaining("sops-mount"),
    });
    expect(read.access?.logins.pairs.map(({ fate }) => fate)).toContain("gone");
  });
});
