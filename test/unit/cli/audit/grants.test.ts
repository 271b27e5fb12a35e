import { describe, expect, test } from "vitest";
import { policyText } from "../../../../components/vault/policy-text";
import { grantLines, reportOfExport, reportOfOutputs } from "./support/audited";
import { exported, jwtRole, kubernetesRole, outputs, policy, transitKey, updating } from "./support/stack";

describe("Vault: who may do what is worked out from texts, roles and bindings", () => {
  test("the outputs alone tell it of the program's own key", async () => {
    expect(grantLines(await reportOfOutputs(outputs()))).toEqual([
      "jobs of platform/deploy, branch main, started by schedule or trigger / transit/keys/sops: rewrap, read versions",
      "flux-system/kustomize-controller / transit/keys/sops: decrypt",
      "team-a/flux / transit/keys/sops: decrypt",
    ]);
  });

  test("each right comes with the way to it, and what a token has to be", async () => {
    const { grants } = await reportOfOutputs(outputs());
    expect(grants.find(({ identity }) => identity === "serviceaccount:team-a/flux")).toEqual({
      identity: "serviceaccount:team-a/flux",
      key: "https://vault.example.com:8200/v1/transit/keys/sops",
      rights: ["decrypt"],
      paths: [
        {
          login: "auth/kubernetes/role/team-a_flux",
          policies: ["sops-flux-decrypt"],
          rights: ["decrypt"],
          conditions: ["the token is for https://vault.example.com:8200", "the login lasts 10 min"],
        },
      ],
      unknown: [],
      origin: "declared",
    });
  });

  test("an export also tells of keys, policies and roles that the output leaves out", async () => {
    const report = await reportOfExport(
      exported([
        transitKey("transit", "sops"),
        transitKey("team", "extra"),
        policy("wide", updating("team/*")),
        policy(
          "keys",
          'path "team/keys/extra/rotate" { capabilities = ["update"] }\npath "team/keys/extra" { capabilities = ["read", "delete"] }',
        ),
        kubernetesRole("team-b", "*", ["wide"]),
        kubernetesRole("team-b", "ops", ["wide", "keys"]),
        jwtRole("any", ["keys"], { boundClaims: { groups_direct: "platform" } }),
      ]),
    );
    expect(report.keys.map(({ name }) => name)).toEqual(["transit/keys/sops", "team/keys/extra"]);
    expect(grantLines(report).filter((line) => line.includes("/ team/keys/extra"))).toEqual([
      "any token with groups_direct = platform of auth/gitlab/role/any / team/keys/extra: delete, rotate, read versions",
      "team-b/* / team/keys/extra: decrypt, data keys in clear, configure, rotate, encrypt, rewrap, hmac",
      // The narrower path decides alone: what the glob would have given on the key itself is gone.
      "team-b/ops / team/keys/extra: decrypt, data keys in clear, delete, configure, rotate, encrypt, rewrap, hmac, read versions",
    ]);
  });

  test("deny wins, and the policy that gives nothing is no part of the way", async () => {
    const report = await reportOfExport(
      exported([
        policy("yes", updating("transit/decrypt/sops", "transit/encrypt/sops")),
        policy("no", 'path "transit/decrypt/sops" { capabilities = ["deny"] }'),
        kubernetesRole("x", "y", ["yes", "no"]),
      ]),
    );
    const grant = report.grants.find(({ identity }) => identity === "serviceaccount:x/y");
    expect(grant).toMatchObject({ rights: ["encrypt"], paths: [{ policies: ["yes"] }] });
  });

  test("two ways of one account are one grant with both", async () => {
    const report = await reportOfExport(
      exported([
        policy("enc", updating("transit/encrypt/sops")),
        kubernetesRole("flux-system", "kustomize-controller", ["enc"], { roleName: "second" }),
      ]),
    );
    const grant = report.grants.find(({ identity }) => identity.endsWith("/kustomize-controller"));
    expect(grant?.rights).toEqual(["decrypt", "encrypt"]);
    expect(grant?.paths.map(({ login, rights }) => [login, rights])).toEqual([
      ["auth/kubernetes/role/flux-system_kustomize-controller", ["decrypt"]],
      ["auth/kubernetes/role/second", ["encrypt"]],
    ]);
  });

  test.each([
    ["a policy of the stack", "sys/policies/acl/sops-flux-decrypt"],
    ["any policy", "sys/policies/acl/*"],
    ["a role of the stack", "auth/kubernetes/role/team-a_flux"],
  ])("whoever may write %s may give itself every right", async (_, path) => {
    const report = await reportOfExport(
      exported([policy("admin", updating(path)), kubernetesRole("x", "y", ["admin"])]),
    );
    expect(grantLines(report)).toContain("x/y / transit/keys/sops: give rights");
  });

  test("what cannot be told is said to be so, never left out", async () => {
    const report = await reportOfExport(
      exported([
        policy("odd", 'path "transit/{{identity.entity.id}}" { capabilities = ["update"] }'),
        kubernetesRole("x", "y", ["elsewhere", "odd"]),
      ]),
    );
    expect(grantLines(report)).toContain(
      "x/y / transit/keys/sops:  (? policy elsewhere, which the stack does not make; the text of policy odd)",
    );
  });

  test("a namespace selector, a subject of a service account, other auth methods", async () => {
    const decrypting = policy("d", policyText([{ path: "transit/decrypt/sops", capabilities: ["update"] }]));
    const approle = {
      ...{ urn: "urn:pulumi:prod::sopsloop::vault:appRole/authBackendRole:AuthBackendRole::a", id: "a" },
      type: "vault:appRole/authBackendRole:AuthBackendRole",
      outputs: { roleName: "ci", tokenPolicies: ["d"] },
    };
    const report = await reportOfExport(
      exported([
        decrypting,
        kubernetesRole("", "sops", ["d"], {
          boundServiceAccountNamespaces: undefined,
          boundServiceAccountNamespaceSelector: "env in (prod)",
        }),
        jwtRole("apps_sops", ["d"], { backend: "jwt", boundSubject: "system:serviceaccount:apps:sops" }),
        approle,
      ]),
    );
    expect(grantLines(report).filter((line) => line.endsWith(": decrypt"))).toEqual([
      "whoever has the secret id of auth/approle/role/ci / transit/keys/sops: decrypt",
      "*/sops / transit/keys/sops: decrypt",
      "apps/sops / transit/keys/sops: decrypt",
      "flux-system/kustomize-controller / transit/keys/sops: decrypt",
      "team-a/flux / transit/keys/sops: decrypt",
    ]);
    const selected = report.grants.find(({ identity }) => identity === "serviceaccount:*/sops");
    expect(selected?.paths[0]?.conditions).toContain("the namespace has the labels env in (prod)");
  });

  test("who has the private half of a recipient may decrypt, by no login at all", async () => {
    const recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    const sopsConfig = `creation_rules:\n  - age: ${recipient}\n`;
    const report = await reportOfOutputs(outputs({}, { sopsConfig }));
    expect(report.keys[1]).toMatchObject({ id: recipient, backend: "age", name: "age1ql3z7h…mcac8p" });
    expect(report.grants.find(({ key }) => key === recipient)).toMatchObject({
      rights: ["decrypt", "encrypt"],
      paths: [],
    });
  });
});
