import { describe, expect, test } from "vitest";
import { audited } from "./support/audited";
import { exported, outputs, policy, resource, secret } from "./support/stack";

/** In no report may these be found, in whatever form they lie in the state. */
const CANARIES = {
  trigger: "c4nary-Trigger-71",
  relay: "c4nary-Relay-72",
  variable: "c4nary-Variable-73",
  policy: "c4nary-Policy-74",
  secret: "c4nary-Secret-75",
  json: "c4nary-Json-76",
  unmarked: "c4nary-Unmarked-77",
  environment: "c4nary-Environment-78",
};
const ENCODED = Object.values(CANARIES).map((value) => Buffer.from(value).toString("base64"));

const given = (shown: boolean) =>
  outputs(
    {},
    {
      gitlab: {
        project: "platform/deploy",
        projectId: "101",
        triggerTokens: secret({ relay: CANARIES.trigger }, shown),
      },
      azure: { relay: { secrets: secret({ GITLAB_TRIGGER_TOKEN: CANARIES.relay }, shown) } },
    },
  );

/** Everything of a stack that may hold a secret, and places that repeat one where people read. */
const resources = (shown: boolean) => [
  resource("gitlab:index/pipelineTrigger:PipelineTrigger", "t", {
    description: `for ${CANARIES.trigger}`,
    token: secret(CANARIES.trigger, shown),
    project: "101",
  }),
  resource("gitlab:index/projectVariable:ProjectVariable", "v", {
    key: `NAME_${CANARIES.variable}`,
    value: secret(CANARIES.variable, shown),
  }),
  policy(
    "p",
    `# ${CANARIES.policy}\npath "transit/decrypt/${CANARIES.policy}" { capabilities = ["update"] }`,
  ),
  resource("vault:kv/secretV2:SecretV2", "kv", { dataJson: secret(`{"a":"${CANARIES.json}"}`, shown) }),
  resource("kubernetes:core/v1:Secret", "s", { data: { x: secret(ENCODED[4], shown) } }),
  resource("vault:jwt/authBackendRole:AuthBackendRole", `role-${CANARIES.secret}`, {
    ...{ backend: "jwt", roleName: `role-${CANARIES.secret}`, tokenPolicies: [`${CANARIES.json}`] },
    boundClaims: { claim: CANARIES.relay },
    token: CANARIES.unmarked,
    boundSubject: `x:${CANARIES.unmarked}`,
  }),
  resource("vault:index/policy:Policy", "hidden", { name: "hidden", policy: secret(CANARIES.policy, shown) }),
];

const leaked = (text: string) =>
  [...Object.values(CANARIES), ...ENCODED].filter((each) => text.includes(each));

describe.each(["json", "markdown", "html"])("%s holds no secret", (format) => {
  test("of an export with --show-secrets, though names and messages repeat them", async () => {
    const { out } = await audited(
      { export: "e.json", policies: true, format, failOn: "never" },
      { "e.json": exported(resources(true), given(true)) },
      {},
      { DEPLOY_TOKEN: CANARIES.environment },
    );
    expect(leaked(out)).toEqual([]);
    expect(out).toContain("[secret]");
  });

  test("of outputs with --show-secrets, where Pulumi marks nothing", async () => {
    const shown = outputs(
      {},
      {
        gitlab: {
          project: `deploy-${CANARIES.trigger}`,
          projectId: "101",
          triggerTokens: { relay: CANARIES.trigger },
        },
        azure: { relay: { secrets: { GITLAB_TRIGGER_TOKEN: CANARIES.relay } } },
      },
    );
    const { out } = await audited({ outputs: "o.json", format }, { "o.json": shown });
    expect(leaked(out)).toEqual([]);
    expect(out).toContain("deploy-[secret]");
  });

  test("of this job's variables", async () => {
    const role = resource("vault:kubernetes/authBackendRole:AuthBackendRole", "r", {
      ...{ backend: "kubernetes", roleName: CANARIES.environment, tokenPolicies: ["sops-flux-decrypt"] },
      ...{ boundServiceAccountNames: ["x"], boundServiceAccountNamespaces: ["y"] },
    });
    const env = { VAULT_TOKEN: CANARIES.environment };
    const { out } = await audited({ export: "e.json", format }, { "e.json": exported([role]) }, {}, env);
    expect(leaked(out)).toEqual([]);
    expect(out).toContain("auth/kubernetes/role/[secret]");
  });

  test("that only looks like a token", async () => {
    const role = resource("vault:kubernetes/authBackendRole:AuthBackendRole", "r", {
      ...{
        backend: "kubernetes",
        roleName: "hvs.CAESIJ4nary0123456789",
        tokenPolicies: ["sops-flux-decrypt"],
      },
      ...{ boundServiceAccountNames: ["x"], boundServiceAccountNamespaces: ["y"] },
    });
    const { out } = await audited({ export: "e.json", format }, { "e.json": exported([role]) });
    expect(out).not.toContain("CAESIJ4nary");
    expect(out).toContain("[masked]");
  });
});
