import { describe, expect, test } from "vitest";
import { type AccessChange, accessChange } from "../../../../../cli/preview-comment/access/access-change";
import { plainOf } from "../../../../../cli/preview-comment/sentence";
import { audit, delivery, policy, role } from "../support/audit";

const UNKNOWN = "[known after apply]";
const change = (before: unknown, after: unknown) => accessChange({ value: before }, { value: after });
const fates = ({ logins }: AccessChange) => logins.pairs.map(({ name, fate }) => [name, fate]);

const FLUX = "auth/kubernetes/role/flux-system_kustomize-controller";
const TEAM = "auth/kubernetes/role/team-a_flux";
const JOB = "auth/gitlab/role/deploy-rewrap";

test("who may do what, as the report has it", () => {
  const { logins, key, deliveries } = change(audit(), audit());
  expect(key.after).toEqual({ key: "transit/keys/sops", type: "aes256-gcm96", minDecryptionVersion: 1 });
  expect(logins.pairs.map(({ name, after }) => [name, after?.who?.map(plainOf), after?.rights])).toEqual([
    [
      JOB,
      ["jobs of GitLab project 101, protected branch main, started by schedule, trigger"],
      ["rewrap", "read versions"],
    ],
    [FLUX, ["ServiceAccount flux-system/kustomize-controller"], ["decrypt"]],
    [TEAM, ["ServiceAccount team-a/flux"], ["decrypt"]],
  ]);
  expect(fates({ key, logins, deliveries })).toEqual([
    [JOB, "same"],
    [FLUX, "same"],
    [TEAM, "same"],
  ]);
  expect(deliveries.pairs.map(({ name, fate }) => [name, fate])).toEqual([
    ["flux-system/apps", "same"],
    ["team-a/team", "same"],
  ]);
});

describe("what changes", () => {
  test("a login goes, one comes, one gets another policy", () => {
    const roles = [role("flux-system", "kustomize-controller", ["sops-pipeline"]), role("ops", "flux")];
    const { logins } = change(audit(), audit({ roles }));
    expect(
      logins.pairs.map(({ name, fate, before, after }) => [name, fate, before?.rights, after?.rights]),
    ).toEqual([
      [JOB, "same", ["rewrap", "read versions"], ["rewrap", "read versions"]],
      [FLUX, "changed", ["decrypt"], ["encrypt", "rewrap"]],
      ["auth/kubernetes/role/ops_flux", "new", undefined, ["decrypt"]],
      [TEAM, "gone", ["decrypt"], undefined],
    ]);
  });

  test("the text of a policy, the audience, the accounts: each counts", () => {
    const policies = {
      ...audit().policies,
      "sops-rewrap": policy('path "transit/*" { capabilities = ["update"] }'),
    };
    const roles = [
      { ...role("flux-system", "kustomize-controller"), audience: null },
      { ...role("team-a", "flux"), namespaces: ["team-a", "*"] },
    ];
    const found = change(audit(), audit({ policies, roles }));
    expect(fates(found)).toEqual([
      [JOB, "changed"],
      [FLUX, "changed"],
      [TEAM, "changed"],
    ]);
    expect(found.logins.pairs[0]?.after?.rights).toContain("decrypt");
    expect(found.logins.pairs[2]?.after?.who?.map(plainOf)).toEqual([
      "ServiceAccount team-a/flux",
      "ServiceAccount */flux",
    ]);
  });

  test("how long a token lives is none of it", () => {
    const roles = audit().roles.map((one) => ({ ...one, ttlSeconds: 1 }));
    expect(new Set(fates(change(audit(), audit({ roles }))).map(([, fate]) => fate))).toEqual(
      new Set(["same"]),
    );
  });

  test("what Flux decrypts", () => {
    const decryption = [delivery("apps", "flux-system", "other"), delivery("more", "team-a", "flux")];
    const { deliveries } = change(audit(), audit({ decryption }));
    expect(deliveries.pairs.map(({ name, fate }) => [name, fate])).toEqual([
      ["flux-system/apps", "changed"],
      ["team-a/more", "new"],
      ["team-a/team", "gone"],
    ]);
  });

  test("a GitLab half that was not there", () => {
    const { pipelines, ...without } = audit();
    expect(pipelines).toBeDefined();
    expect(fates(change(without, audit()))).toContainEqual([JOB, "new"]);
  });
});

describe("what is not known is said to be, and nothing is guessed", () => {
  test("the whole report of afterwards", () => {
    const { logins, deliveries } = change(audit(), UNKNOWN);
    expect(logins.unknown).toEqual({ after: "it is known only once this is applied" });
    expect(deliveries.unknown).toEqual(logins.unknown);
    expect(logins.pairs.map(({ fate, after }) => [fate, after])).toEqual([
      ["same", undefined],
      ["same", undefined],
      ["same", undefined],
    ]);
  });

  test("one side that the preview does not tell", () => {
    const { logins, key } = accessChange({ unknown: "no state" }, { value: audit() });
    expect(logins.unknown).toEqual({ before: "no state" });
    expect(key.before).toBeUndefined();
    expect(logins.pairs).toHaveLength(3);
  });

  test("the list of roles, or the name of one", () => {
    for (const roles of [UNKNOWN, [UNKNOWN], [{ ...role("a", "b"), name: UNKNOWN }]])
      expect(change(audit(), { ...audit(), roles }).logins.unknown.after).toBe(
        "it is known only once this is applied",
      );
  });

  test("the text of a policy: what is known stays, and there may be more", () => {
    const policies = { ...audit().policies, "sops-flux-decrypt": { text: UNKNOWN, sha256: UNKNOWN } };
    const found = change(audit(), { ...audit(), policies });
    expect(fates(found)).toEqual([
      [JOB, "same"],
      [FLUX, "unclear"],
      [TEAM, "unclear"],
    ]);
    const after = found.logins.pairs[1]?.after;
    expect([after?.rights, after?.unknown.map(plainOf)]).toEqual([
      [],
      ["the text of policy sops-flux-decrypt"],
    ]);
  });

  test("a policy that the stack does not make, or whose text cannot be read for certain", () => {
    const roles = [role("a", "b", ["admin"]), role("c", "d", ["odd"])];
    const policies = { odd: policy('path "{{x}}" { capabilities = ["sudo"] }') };
    const { logins } = change(audit(), audit({ roles, policies, decryption: [] }));
    expect(
      logins.pairs.filter(({ fate }) => fate === "new").map(({ after }) => after?.unknown.map(plainOf)),
    ).toEqual([["policy admin, which the stack does not make"], ["the text of policy odd"]]);
  });

  test("which key: no rights, rather than those on another", () => {
    const { logins } = change(audit(), { ...audit(), key: { ...audit().key, name: UNKNOWN } });
    expect(logins.pairs[1]?.after?.unknown.map(plainOf)).toEqual(["which key it is"]);
    expect(logins.pairs[1]?.fate).toBe("unclear");
  });

  test("a change that is known counts, whatever else is not", () => {
    const roles = [
      { ...role("flux-system", "kustomize-controller", ["new"]), audience: UNKNOWN },
      role("team-a", "flux"),
    ];
    expect(fates(change(audit(), { ...audit(), roles }))).toContainEqual([FLUX, "changed"]);
  });

  test("a report of another form before", () => {
    expect(change({ some: "thing" }, audit()).logins.unknown.before).toBe(
      "its audit report has another form than this program's",
    );
  });
});
