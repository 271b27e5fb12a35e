import type { DeployFiles } from "../../../../../cli/preview-comment/cost/key-files";
import { readPreview } from "../../../../../cli/preview-comment/preview/read-preview";
import { type ReportSources, reportOf } from "../../../../../cli/preview-comment/report";
import { plainOf } from "../../../../../cli/preview-comment/sentence";
import { encrypted, recipient } from "../../status/sample";
import { audit } from "../support/audit";
import { eventsOf, type TestPreview, type TestStep } from "../support/engine";

export const KEY = "https://vault.example.com:8200/v1/transit/keys/sops";
export const AGE = recipient("age", "age1breakglass");
export const vaultKey = (version = "3", key = KEY, group = 0) => recipient("hc_vault", key, version, group);

/** One file by the key alone, one by age too, one by another key. */
export const FILES: DeployFiles = {
  encrypted: [
    encrypted("a.yaml", { recipients: [vaultKey("1")] }),
    encrypted("b.yaml", { recipients: [vaultKey(), AGE] }),
    encrypted("c.yaml", { recipients: [vaultKey("3", KEY.replace("sops", "other"))] }),
  ],
  unreadable: 0,
};

export const key: TestStep = {
  ...{ op: "delete", type: "vault:transit/secretBackendKey:SecretBackendKey", name: "sops-key" },
  old: { backend: "transit", name: "sops", minDecryptionVersion: 1 },
};
export const mount: TestStep = {
  op: "delete",
  type: "vault:index/mount:Mount",
  name: "m",
  old: { path: "transit", type: "transit" },
};
export const policy: TestStep = {
  op: "delete",
  type: "vault:index/policy:Policy",
  name: "p",
  old: { name: "sops-flux-decrypt" },
};
export const fluxRole: TestStep = {
  ...{ op: "delete", type: "vault:kubernetes/authBackendRole:AuthBackendRole", name: "r" },
  old: { backend: "kubernetes", roleName: "team-a_flux" },
};
export const method: TestStep = {
  op: "delete",
  type: "vault:index/authBackend:AuthBackend",
  name: "auth",
  old: { type: "kubernetes", path: "kubernetes" },
};

export const BEFORE = { audit: audit(), vaultTransitUri: KEY };

export function warnings(preview: TestPreview, sources: ReportSources = {}): string[][] {
  const report = reportOf(readPreview(eventsOf({ before: BEFORE, after: BEFORE, ...preview }), "x"), sources);
  return report.warnings.map(({ lines }) => lines.map(plainOf));
}
