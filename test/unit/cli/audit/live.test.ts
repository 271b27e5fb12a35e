import { expect, test } from "vitest";
import type { Grant as LiveGrant } from "../../../../cli/audit/live/live-reading";
import { auditReport } from "../../../../cli/audit/report-schema";
import { audited } from "./support/audited";
import { azureOutput } from "./support/azure";
import { exported, outputs } from "./support/stack";

const KEY = "transit/keys/sops";

/** The grants of a stack together with what the live systems say, one line each. */
async function withLive(...grants: LiveGrant[]) {
  const given = outputs({ azure: azureOutput() });
  const { out } = await audited(
    { export: "e.json", format: "json" },
    { "e.json": exported([], given) },
    { live: async () => ({ findings: [], grants, skipped: [] }) },
  );
  const report = auditReport.parse(JSON.parse(out));
  return report.grants.map(({ identity, key, rights, origin, paths }) => {
    const ways = paths.map(({ login, policies }) => `${login} (${policies.join(", ")})`).join("; ");
    return `${origin} ${identity} ${key.split("/").slice(-3).join("/")}: ${rights.join(", ")} by ${ways}`;
  });
}

const role = "auth/kubernetes/role/team-a_flux";
const declared = await withLive();
const changed = async (...grants: LiveGrant[]) =>
  (await withLive(...grants)).filter((line) => !declared.includes(line));

test("nothing is live where nothing was read", () => {
  expect(declared.every((line) => line.startsWith("declared "))).toBe(true);
});

test("a login that is as declared is confirmed", async () => {
  const grant = {
    identity: "ServiceAccount team-a/flux",
    may: ["decrypt" as const],
    key: KEY,
    by: [role, "policy p"],
  };
  expect(await changed(grant)).toEqual([
    "both serviceaccount:team-a/flux transit/keys/sops: decrypt by auth/kubernetes/role/team-a_flux (sops-flux-decrypt)",
  ]);
});

test("rights that it has more are its own", async () => {
  const may = ["administer", "decrypt", "delete", "read"] as const;
  expect(await changed({ identity: "ServiceAccount team-a/flux", may, key: KEY, by: [role] })).toEqual([
    "both serviceaccount:team-a/flux transit/keys/sops: decrypt, give rights, delete, configure, read versions by auth/kubernetes/role/team-a_flux (sops-flux-decrypt)",
  ]);
});

test("a login that nobody declared, of somebody known and of a stranger", async () => {
  const by = ["auth/kubernetes/role/debug", "policy root-ish", "policy other"];
  expect(
    await changed(
      { identity: "ServiceAccount team-a/flux", may: ["encrypt"], key: KEY, by },
      { identity: "ServiceAccount default/*", may: ["decrypt"], key: KEY, by },
      { identity: "auth/userpass/users/jane", may: ["decrypt"], key: KEY, by: ["auth/userpass/users/jane"] },
    ),
  ).toEqual([
    "live live:auth/userpass/users/jane transit/keys/sops: decrypt by auth/userpass/users/jane ()",
    "live serviceaccount:default/* transit/keys/sops: decrypt by auth/kubernetes/role/debug (root-ish, other)",
    "both serviceaccount:team-a/flux transit/keys/sops: decrypt, encrypt by auth/kubernetes/role/team-a_flux (sops-flux-decrypt); auth/kubernetes/role/debug (root-ish, other)",
  ]);
});

test("an identity of Azure's is known by its name, and a principal is none of ours", async () => {
  const key = "https://kv-sops.vault.azure.net/keys/sops";
  expect(
    await changed(
      { identity: "sops-flux", may: ["decrypt"], key, by: ["/subscriptions/x/a", "role sops decrypt"] },
      { identity: "User 77", may: ["administer"], key, by: ["/subscriptions/x/b", "role Owner"] },
    ),
  ).toEqual([
    "live live:User 77 kv-sops.vault.azure.net/keys/sops: give rights, configure by /subscriptions/x/b (Owner)",
    "both serviceaccount:flux-system/kustomize-controller kv-sops.vault.azure.net/keys/sops: decrypt by sops-flux (decrypt)",
  ]);
});

test("a key that the program does not know has no column", async () => {
  expect(await changed({ identity: "x", may: ["decrypt"], key: "other/keys/x", by: ["y"] })).toEqual([]);
});
