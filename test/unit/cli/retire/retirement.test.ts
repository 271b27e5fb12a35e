import { describe, expect, test } from "vitest";
import { commitOf, type Decrypting } from "../../../../cli/kubernetes/flux-objects";
import { type CheckedRef, retirementOf } from "../../../../cli/retire/retirement";
import type { KeyStatus } from "../../../../cli/status/tree-status";

const COMMIT = "a".repeat(40);
const OTHER = "b".repeat(40);
const KEY: KeyStatus = {
  kind: "hc_vault",
  key: "https://v:8200/v1/transit/keys/sops",
  current: "4",
  oldestUsable: "2",
  files: { "4": 3 },
};

function ref(
  changes: { findings?: CheckedRef["status"]["findings"]; files?: number; keys?: readonly KeyStatus[] } = {},
): CheckedRef {
  const { findings = [], files = 3, keys = [KEY] } = changes;
  const summary = { files, fresh: files, stale: 0, unknown: 0, notLookedAt: 0, findings: findings.length };
  return { ref: "main", commit: COMMIT, status: { summary, keys, files: [], findings, skipped: [] } };
}

function applied(changes: Partial<Decrypting> = {}): Decrypting {
  return {
    name: "flux-system/apps",
    suspended: false,
    ready: true,
    message: "Applied",
    revision: `main@sha1:${COMMIT}`,
    ...changes,
  };
}

test("clean refs that the cluster has applied leave nothing that an old version is needed for", () => {
  expect(retirementOf([ref()], [applied()])).toEqual({
    blockers: [],
    keys: [{ kind: "hc_vault", key: KEY.key, current: 4, oldestUsable: 2 }],
  });
});

test("a key that opens its current version only has nothing to retire, and only Vault's keys have versions to count", () => {
  const keys: KeyStatus[] = [
    { ...KEY, oldestUsable: "4" },
    { kind: "age", key: "age1", files: { "": 3 } },
  ];
  expect(retirementOf([ref({ keys })], [applied()])).toEqual({ blockers: [], keys: [] });
});

test("a key that was not looked at is in the way, though it is no finding", () => {
  const unseen: KeyStatus = {
    kind: "azure_kv",
    key: "https://v/keys/k",
    problem: "not now",
    notLookedAt: true,
    files: {},
  };
  expect(retirementOf([ref({ keys: [KEY, unseen] })], [applied()]).blockers).toEqual([
    "main: https://v/keys/k was not looked at: not now",
  ]);
});

describe("a key of Azure", () => {
  const AZURE: KeyStatus = {
    kind: "azure_kv",
    key: "https://v.vault.azure.net/keys/sops",
    current: "c3",
    files: { c3: 3 },
  };

  test.each<[string, KeyStatus, object[]]>([
    [
      "with older versions that still open",
      { ...AZURE, older: ["a1", "b2"] },
      [{ kind: "azure_kv", key: AZURE.key, current: "c3", older: ["a1", "b2"] }],
    ],
    ["without any", { ...AZURE, older: [] }, []],
    ["whose versions may not be listed", AZURE, [{ kind: "azure_kv", key: AZURE.key, current: "c3" }]],
  ])("%s", (_name, key, keys) => {
    expect(retirementOf([ref({ keys: [key] })], [applied()]).keys).toEqual(keys);
  });
});

describe("what is in the way", () => {
  const stale = {
    check: "stale",
    path: "a.yaml",
    line: 3,
    subject: "a.yaml",
    message: "1 version behind",
  } as const;
  const { revision: _, ...fresh } = applied();
  test.each<[string, readonly CheckedRef[], readonly Decrypting[], string]>([
    ["a stale file", [ref({ findings: [stale] })], [applied()], "main: a.yaml:3: 1 version behind"],
    [
      "a ref without encrypted files",
      [ref({ files: 0 })],
      [applied()],
      "main: holds no encrypted file; is this the deploy repository, and the branch that Flux watches?",
    ],
    [
      "a cluster that decrypts nothing",
      [ref()],
      [],
      "the cluster has no Kustomization that decrypts by sops; is kubectl's context the one that Flux runs in?",
    ],
    [
      "another commit applied",
      [ref()],
      [applied({ revision: `main@sha1:${OTHER}` })],
      `Kustomization flux-system/apps has applied main@sha1:${OTHER}, which is none of main as they are here; git fetch, and wait for Flux`,
    ],
    [
      "nothing applied yet",
      [ref()],
      [fresh],
      "Kustomization flux-system/apps has applied nothing, which is none of main as they are here; git fetch, and wait for Flux",
    ],
    [
      "not ready",
      [ref()],
      [applied({ ready: false, message: "no such role" })],
      "Kustomization flux-system/apps is not ready: no such role",
    ],
    [
      "suspended",
      [ref()],
      [applied({ suspended: true })],
      "Kustomization flux-system/apps is suspended, so what it needs is not known; flux resume kustomization, or delete it",
    ],
  ])("%s", (_name, refs, cluster, blocker) => {
    expect(retirementOf(refs, cluster).blockers).toEqual([blocker]);
  });
});

test("the commit of a revision, in both of Flux's forms", () => {
  expect(commitOf(`main@sha1:${COMMIT}`)).toBe(COMMIT);
  expect(commitOf(`feature/x/${COMMIT}`)).toBe(COMMIT);
  expect(commitOf("latest@sha256:")).toBeUndefined();
});
