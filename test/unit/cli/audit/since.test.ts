import { expect, test } from "vitest";
import type { Finding } from "../../../../cli/audit/finding";
import { auditReport } from "../../../../cli/audit/report-schema";
import type { AuditReaders } from "../../../../cli/commands/audit";
import { policyText } from "../../../../components/vault/policy-text";
import { audit, delivery, policy, role } from "../preview-comment/support/audit";
import { audited } from "./support/audited";
import { exported, outputs, transitKey } from "./support/stack";

const finding = (id: string, where: string, origin: Finding["origin"] = "live"): Finding => ({
  ...{ id, where, origin, severity: "high", what: "wrong", mend: "mend it" },
});
const reading = (...findings: Finding[]): AuditReaders => ({
  live: async () => ({ findings, grants: [], skipped: [] }),
});

/** What the second stack differs in from the first. */
async function changes(
  [before, old]: readonly [object, AuditReaders?],
  [after, now]: readonly [object, AuditReaders?],
) {
  const first = await audited(
    { export: "a.json", format: "json", failOn: "never" },
    { "a.json": before },
    old,
  );
  const second = await audited(
    { export: "b.json", since: "old.json", format: "json", failOn: "never" },
    { "b.json": after, "old.json": first.out },
    now,
  );
  return auditReport.parse(JSON.parse(second.out)).changes;
}

test("the same stack: nothing", async () => {
  expect(await changes([exported()], [exported()])).toEqual({
    ...{ since: "2026-11-26T12:00:00.000Z", gained: [], lost: [], keys: [] },
    deliveries: { new: [], gone: [], changed: [] },
    findings: { new: [], gone: [] },
  });
});

test("rights that are gained and lost, those to decrypt first", async () => {
  const wider = policyText([
    { path: "transit/decrypt/sops", capabilities: ["update"] },
    { path: "transit/rewrap/sops", capabilities: ["update"] },
  ]);
  const now = outputs({
    policies: { ...audit().policies, "sops-rewrap": policy(wider) },
    roles: [role("flux-system", "kustomize-controller"), role("team-b", "flux")],
  });
  const found = await changes([exported()], [exported([], now)]);
  expect(found?.gained.map(({ identityName, keyName, rights }) => [identityName, keyName, rights])).toEqual([
    [
      "jobs of platform/deploy, branch main, started by schedule or trigger",
      "transit/keys/sops",
      ["decrypt"],
    ],
    ["team-b/flux", "transit/keys/sops", ["decrypt"]],
  ]);
  expect(found?.lost.map(({ identityName, rights }) => [identityName, rights])).toEqual([
    ["team-a/flux", ["decrypt"]],
    ["jobs of platform/deploy, branch main, started by schedule or trigger", ["read versions"]],
  ]);
});

test("keys that come and go, and what changes of one", async () => {
  const before = exported([transitKey("transit", "sops"), transitKey("old", "gone")]);
  const after = exported([
    transitKey("transit", "sops", { latestVersion: 4, minDecryptionVersion: 3, autoRotatePeriod: 0 }),
    transitKey("team", "new"),
  ]);
  expect((await changes([before], [after]))?.keys).toEqual([
    { key: "old/keys/gone", what: "is gone" },
    { key: "transit/keys/sops", what: "current version: 3 → 4" },
    { key: "transit/keys/sops", what: "oldest version that decrypts: 2 → 3" },
    { key: "transit/keys/sops", what: "time between rotations: P90D → not known" },
    { key: "team/keys/new", what: "is new" },
  ]);
});

test("what Flux decrypts", async () => {
  const now = outputs({
    decryption: [
      { ...delivery("apps", "flux-system", "kustomize-controller"), path: "./elsewhere" },
      delivery("new", "team-a", "flux"),
    ],
  });
  expect((await changes([exported()], [exported([], now)]))?.deliveries).toEqual({
    new: ["team-a/new"],
    gone: ["team-a/team"],
    changed: ["flux-system/apps"],
  });
});

test("findings are the same while their kind and thing are, whatever the words", async () => {
  const [stays, goes, comes] = [finding("a", "one"), finding("b", "two"), finding("a", "three")];
  const found = await changes(
    [exported(), reading(stays, goes)],
    [exported(), reading({ ...stays, what: "wrong in other words" }, comes)],
  );
  expect(found?.findings).toEqual({ new: [comes], gone: [goes] });
});

test("a check that was not made this time has mended nothing, and one that was not made before has found nothing new", async () => {
  const found = finding("a", "one");
  expect((await changes([exported(), reading(found)], [exported()]))?.findings).toEqual({
    new: [],
    gone: [],
  });
  expect((await changes([exported()], [exported(), reading(found)]))?.findings).toEqual({
    new: [],
    gone: [],
  });
});

test("a field that a later version has added is no fault of an earlier report", async () => {
  const { out } = await audited({ export: "a.json", format: "json" }, { "a.json": exported() });
  const later = { ...JSON.parse(out), added: true };
  const again = await audited(
    { export: "a.json", since: "l.json" },
    { "a.json": exported(), "l.json": later },
  );
  expect(again.out).toContain("Nothing has changed.");
});
