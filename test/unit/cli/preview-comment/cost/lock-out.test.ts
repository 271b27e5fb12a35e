import { describe, expect, test } from "vitest";
import { readPreview } from "../../../../../cli/preview-comment/preview/read-preview";
import { reportOf } from "../../../../../cli/preview-comment/report";
import { audit, role } from "../support/audit";
import { eventsOf } from "../support/engine";
import { BEFORE, fluxRole, key, method, policy, warnings } from "./sample";

describe("who is locked out", () => {
  test("by a policy that goes: the logins, and what Flux decrypts by them", () => {
    const after = { audit: audit({ roles: [] }) };
    expect(warnings({ steps: [policy], after })).toEqual([
      [
        "Deletes the policy sops-flux-decrypt: whoever has it loses its rights at once, logged in or not.",
        "Logins that have it: auth/kubernetes/role/flux-system_kustomize-controller, auth/kubernetes/role/team-a_flux.",
        "Flux decrypts no more: flux-system/apps (./apps), team-a/team (./team).",
      ],
    ]);
  });

  test("by one that is replaced and given to the same logins: until they log in again", () => {
    const roles = [role("flux-system", "kustomize-controller", ["next"]), role("team-a", "flux", ["next"])];
    const policies = {
      ...audit().policies,
      next: audit().policies["sops-flux-decrypt"] ?? { text: "", sha256: "" },
    };
    const step = { ...policy, op: "replace", new: { name: "next" }, keys: ["name"] };
    expect(warnings({ steps: [step], after: { audit: audit({ roles, policies }) } })[0]).toEqual([
      "Replaces the policy sops-flux-decrypt by next: whoever has it loses its rights at once, logged in or not.",
      "Logins that have it: auth/kubernetes/role/flux-system_kustomize-controller, auth/kubernetes/role/team-a_flux.",
      "Flux decrypts only after its next login again: flux-system/apps (./apps), team-a/team (./team).",
    ]);
  });

  test("by a role that goes", () => {
    const after = { audit: audit({ roles: audit().roles.slice(0, 1) }) };
    expect(warnings({ steps: [fluxRole], after })).toEqual([
      [
        "Deletes the role auth/kubernetes/role/team-a_flux: nobody gets in by it any more.",
        "Flux decrypts no more: team-a/team (./team).",
      ],
    ]);
  });

  test("by an auth method that goes", () => {
    const after = { audit: audit({ roles: [] }) };
    const [[first, roles, flux] = []] = warnings({ steps: [method], after });
    expect(first).toMatch(/^Deletes the auth method auth\/kubernetes: nobody gets in by it any more/);
    expect(roles).toBe(
      "Its roles: auth/kubernetes/role/flux-system_kustomize-controller, auth/kubernetes/role/team-a_flux.",
    );
    expect(flux).toMatch(/^Flux decrypts no more/);
  });

  test("by another policy, or another text of it, though no resource goes", () => {
    const roles = [role("flux-system", "kustomize-controller", ["sops-pipeline"]), role("team-a", "flux")];
    expect(warnings({ after: { audit: audit({ roles }) } })).toEqual([
      [
        "Takes from the login auth/kubernetes/role/flux-system_kustomize-controller the right to decrypt.",
        "Flux decrypts no more: flux-system/apps (./apps).",
      ],
    ]);
  });

  test("where afterwards is not known: what it is by today, and no more than that", () => {
    const unknown = { audit: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
    expect(warnings({ steps: [fluxRole], after: unknown })[0]?.[1]).toBe(
      "By it Flux decrypts today, and it is not known whether it still will: team-a/team (./team).",
    );
    expect(warnings({ steps: [policy], before: {}, after: {} })[0]?.[1]).toBe(
      "Who that is, the preview does not tell.",
    );
  });
});

test("what is deleted or replaced of the loop comes first in the table", () => {
  const other = (op: string, name: string) => ({ op, type: "a:b:C", name, old: {}, new: {} });
  const steps = [
    other("update", "u"),
    other("replace", "r"),
    other("create", "c"),
    policy,
    { ...key, op: "replace", new: {} },
    other("delete", "d"),
    { ...fluxRole, op: "update", new: {} },
  ];
  const { changes } = reportOf(readPreview(eventsOf({ before: BEFORE, after: BEFORE, steps }), "x"), {});
  expect(changes.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "replace sops-key",
    "delete p",
    "replace r",
    "delete d",
    "update r",
    "update u",
    "create c",
  ]);
});
