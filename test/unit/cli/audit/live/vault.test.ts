import { describe, expect, test } from "vitest";
import { declaredLoop } from "../../../../../cli/audit/live/declared-loop";
import type { Login, VaultFacts } from "../../../../../cli/audit/live/vault/facts";
import { judged } from "../../../../../cli/audit/live/vault/vault-reading";
import { OUTPUTS } from "../outputs";
import { FLUX, JOB, vaultFacts } from "./vault-facts";

const found = (change: Partial<VaultFacts>, outputs: object = OUTPUTS) =>
  judged(vaultFacts(change), declaredLoop(outputs)).findings.map(
    ({ id, where, what }) => `${id}: ${where}: ${what}`,
  );
const policies = (name: string, text: string) => ({
  policies: new Map([...(vaultFacts().policies ?? []), [name, text]]),
});

test("as declared: nothing", () => {
  expect(found({})).toEqual([]);
});

test("parts that could not be looked at are no findings", () => {
  const nothing = {
    audit: undefined,
    mounts: undefined,
    keySettings: undefined,
    key: undefined,
    policies: undefined,
    methods: undefined,
    logins: undefined,
    identities: undefined,
    tokens: undefined,
  };
  expect(found(nothing)).toEqual([]);
});

test("roles of a method whose roles could not be read are not missing", () => {
  expect(found({ logins: [], unseen: new Set(["auth/kubernetes"]) })).toEqual([
    "vault-role-missing: auth/gitlab/role/sops-rewrap: there is no such role",
  ]);
});

test("a key that was imported, and one that is derived", () => {
  const key = { ...vaultFacts().key, imported_key: true, derived: true };
  expect(found({ key })).toEqual([
    "vault-key-imported: transit/keys/sops: it was imported",
    "vault-key-type: transit/keys/sops: it is derived",
  ]);
});

test("a key that rotates more often than declared is fine, and so is one that need not", () => {
  expect(found({ key: { ...vaultFacts().key, auto_rotate_period: 3_600 } })).toEqual([]);
  const key = { ...OUTPUTS.audit.key, autoRotatePeriod: 0 };
  const outputs = { ...OUTPUTS, audit: { ...OUTPUTS.audit, key } };
  expect(found({ key: { ...vaultFacts().key, auto_rotate_period: 0 } }, outputs)).toEqual([]);
});

test("retired versions that open again", () => {
  const key = { ...OUTPUTS.audit.key, minDecryptionVersion: 4 };
  expect(found({}, { ...OUTPUTS, audit: { ...OUTPUTS.audit, key } })).toEqual([
    "vault-key-old-versions: transit/keys/sops: versions from 1 open, declared is 4",
  ]);
});

test("a stack that declares no device: any will do, and none is told", () => {
  const outputs = {
    ...OUTPUTS,
    audit: { ...OUTPUTS.audit, vault: { ...OUTPUTS.audit.vault, auditLog: null } },
  };
  expect(found({ audit: { "syslog/": { options: {} } } }, outputs)).toEqual([]);
  expect(found({ audit: {} }, outputs)).toEqual(["vault-audit-missing: sys/audit: there is no device"]);
});

describe("who reviews tokens", () => {
  const of = (change: object) => {
    const config = {
      kubernetes_host: "https://10.0.0.1:6443",
      kubernetes_ca_cert: "-----BEGIN CERTIFICATE-----",
      disable_local_ca_jwt: true,
      ...change,
    };
    return found({ methods: [{ path: "auth/kubernetes", type: "kubernetes", config }] });
  };

  test.each([
    ["as the program sets it", {}, []],
    ["by the pod's own CA", { kubernetes_ca_cert: "", disable_local_ca_jwt: false }, []],
    [
      "without TLS",
      { kubernetes_host: "http://10.0.0.1" },
      ["vault-auth-ca: auth/kubernetes: tokens are reviewed by http://10.0.0.1, without TLS"],
    ],
    [
      "by whoever a public CA knows",
      { kubernetes_ca_cert: "" },
      [
        "vault-auth-ca: auth/kubernetes: no CA is set: https://10.0.0.1:6443 may be whoever a public CA has signed for",
      ],
    ],
  ])("%s", (_how, change, lines) => {
    expect(of(change)).toEqual(lines);
  });
});

describe("policies", () => {
  test.each([
    ["another key's", 'path "transit/decrypt/other" { capabilities = ["update"] }', []],
    ["a pattern that ends before the key", 'path "transit/decrypt/sop-*" { capabilities = ["update"] }', []],
    ["encrypting only", 'path "transit/encrypt/sops" { capabilities = ["update"] }', []],
    [
      "a plus in the middle",
      'path "+/decrypt/sops" { capabilities = ["update"] }',
      ["vault-policy-wildcard: sys/policies/acl/x: +/decrypt/sops allows decrypt"],
    ],
    [
      "what is denied by a closer path",
      'path "transit/decrypt/*" { capabilities = ["update"] }\npath "transit/decrypt/sops" { capabilities = ["deny"] }',
      [],
    ],
    [
      "a template that may be the key",
      'path "transit/decrypt/{{identity.entity.name}}" { capabilities = ["update"] }',
      ["vault-policy-wildcard: sys/policies/acl/x: transit/decrypt/+ allows decrypt"],
    ],
    [
      "deleting the key",
      'path "transit/keys/sops" { capabilities = ["delete"] }',
      ["vault-policy-administers: sys/policies/acl/x: it allows delete"],
    ],
    [
      "writing roles of the method that Flux logs in by",
      'path "auth/kubernetes/role/*" { capabilities = ["create"] }',
      ["vault-policy-administers: sys/policies/acl/x: it allows write roles"],
    ],
    [
      "writing just the role that Flux logs in by",
      'path "auth/kubernetes/role/flux-system_kustomize-controller" { capabilities = ["update"] }',
      ["vault-policy-administers: sys/policies/acl/x: it allows write roles"],
    ],
    [
      "writing just the policy that decrypts",
      'path "sys/policies/acl/sops-flux-decrypt" { capabilities = ["update"] }',
      ["vault-policy-administers: sys/policies/acl/x: it allows write policies"],
    ],
    [
      "the same by the old path",
      'path "sys/policy/sops-rewrap" { capabilities = ["create"] }',
      ["vault-policy-administers: sys/policies/acl/x: it allows write policies"],
    ],
    [
      "looking at both, and writing others'",
      'path "sys/policies/acl/sops-flux-decrypt" { capabilities = ["read"] }\npath "auth/kubernetes/role/flux-system_kustomize-controller" { capabilities = ["read"] }\npath "sys/policies/acl/team" { capabilities = ["update"] }\npath "auth/kubernetes/role/team" { capabilities = ["update"] }',
      [],
    ],
    [
      "the old form",
      'path "transit/decrypt/sops" { policy = "write" }',
      ["vault-policy-decrypts: sys/policies/acl/x: it allows decrypt"],
    ],
  ])("%s", (_what, text, findings) => {
    expect(found(policies("x", text))).toEqual(findings);
  });
});

describe("Flux's role by JWT", () => {
  const login = (fields: object): Login => ({
    ...FLUX,
    type: "jwt",
    fields: {
      ...FLUX.fields,
      bound_service_account_names: undefined,
      bound_subject: "system:serviceaccount:flux-system:kustomize-controller",
      bound_audiences: [OUTPUTS.vaultAddress],
      ...fields,
    },
  });

  test.each([
    ["as declared", {}, []],
    ["without a subject", { bound_subject: "" }, ["vault-role-bound-wildcard"]],
    [
      "for another account",
      { bound_subject: "system:serviceaccount:default:x" },
      ["vault-role-bound-others"],
    ],
    ["without an audience", { bound_audiences: [] }, ["vault-role-no-audience"]],
    [
      "for another audience too",
      { bound_audiences: [OUTPUTS.vaultAddress, "other"] },
      ["vault-role-other-audience"],
    ],
  ])("%s", (_how, fields, ids) => {
    const lines = found({ logins: [login(fields), JOB] });
    expect(lines.map((line) => line.split(":")[0])).toEqual(ids);
  });
});

test("a namespace selector takes more than is named", () => {
  const fields = { ...FLUX.fields, bound_service_account_namespace_selector: '{"matchLabels":{"team":"x"}}' };
  expect(found({ logins: [{ ...FLUX, fields }, JOB] })).toEqual([
    'vault-role-bound-wildcard: auth/kubernetes/role/flux-system_kustomize-controller: it takes accounts kustomize-controller of namespaces with {"matchLabels":{"team":"x"}}',
  ]);
});

describe("a role of a job", () => {
  const claims = (change: object) => {
    const fields = { ...JOB.fields, bound_claims: { ...(JOB.fields.bound_claims as object), ...change } };
    return found({ logins: [FLUX, { ...JOB, fields }] }).map((line) => line.split(":")[0]);
  };

  test("one value as a text is the same as a list of one", () => {
    expect(claims({ project_id: "101", ref: "main", ref_protected: "true" })).toEqual([]);
  });

  test.each([
    ["two projects", { project_id: ["101", "102"] }, "vault-job-any-project"],
    ["another branch", { ref: ["feature"] }, "vault-job-any-branch"],
    ["no source", { pipeline_source: [] }, "vault-job-source"],
  ])("%s", (_how, change, id) => {
    expect(claims(change)).toEqual([id]);
  });
});

test("tokens of a role are as good as the role; those of somebody's own making are not", () => {
  const kind = { name: "x", policies: ["sops-flux-decrypt"], count: 2 };
  const tokens = [
    { ...kind, path: "auth/kubernetes/login" },
    { ...kind, path: "auth/token/create-orphan" },
    { ...kind, path: "auth/token/create", policies: ["default"] },
  ];
  expect(found({ tokens })).toEqual([
    "vault-token-undeclared: auth/token/create-orphan: 2 tokens (x) with sops-flux-decrypt: decrypt",
  ]);
});

test("who is who in the grants", () => {
  const logins: Login[] = [
    { ...FLUX, fields: { ...FLUX.fields, bound_service_account_namespaces: ["a", "b"] } },
    { path: "auth/userpass/users/jane", name: "jane", type: "userpass", fields: {}, policies: ["root"] },
    { path: "auth/jwt/role/open", name: "open", type: "jwt", fields: {}, policies: ["sops-rewrap"] },
    { path: "auth/approle/role/none", name: "none", type: "approle", fields: {}, policies: ["default"] },
  ];
  const { grants } = judged(vaultFacts({ logins }), declaredLoop(OUTPUTS));
  expect(grants.map(({ identity, may }) => `${identity}: ${may.join(" ")}`)).toEqual([
    "ServiceAccount a/kustomize-controller: decrypt",
    "ServiceAccount b/kustomize-controller: decrypt",
    "auth/userpass/users/jane: administer decrypt delete encrypt read rewrap rotate",
    "every token of the issuer: read rewrap",
  ]);
});
