import { describe, expect, test } from "vitest";
import { CANARY, ENCODED, expectNone } from "../support/canary";
import { commented } from "../support/commented";
import {
  asset,
  DIGEST_SECRET,
  digestOf,
  EVENT_SECRET,
  eventsOf,
  openSecret,
  STACK_URN,
  type TestPreview,
} from "../support/engine";

const forms = [
  { form: "digest", print: digestOf },
  { form: "events", print: eventsOf },
];

/** One property of one resource, as it is made, changed and replaced. */
function changing(type: string, values: Readonly<Record<string, unknown>>): TestPreview {
  const other = { ...values, changed: 1 };
  return {
    steps: [
      { op: "create", type, name: "created", new: values },
      { op: "update", type, name: "updated", old: other, new: values, oldOutputs: values },
      { op: "update", type, name: "emptied", old: values, new: {}, diffs: Object.keys(values) },
      { op: "replace", type, name: "replaced", old: values, new: other, keys: Object.keys(values) },
      { op: "delete", type, name: "deleted", old: values, oldOutputs: values },
    ],
  };
}

const manifest = { apiVersion: "v1", kind: "Secret", metadata: { name: "db" }, data: { url: ENCODED } };
const yaml = `apiVersion: v1\nkind: Secret\nstringData:\n  url: ${CANARY}\n`;

describe.each(forms)("no secret of a preview in the form of $form is shown", ({ print }) => {
  test.each<[string, string, Readonly<Record<string, unknown>>]>([
    [
      "marked, in clear behind the mark",
      "a:b:C",
      { plain: openSecret(CANARY), deep: [{ x: openSecret({ y: CANARY }) }] },
    ],
    [
      "a mark of a kind that is not known yet",
      "a:b:C",
      { v: { "4dabf18193072939515e22adb298388d": "new", value: CANARY } },
    ],
    [
      "an output that is secret",
      "a:b:C",
      {
        v: {
          "4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4",
          secret: true,
          value: CANARY,
        },
      },
    ],
    [
      "a Kubernetes Secret",
      "kubernetes:core/v1:Secret",
      { data: { url: ENCODED }, stringData: { url: CANARY } },
    ],
    [
      "a Secret within a list",
      "kubernetes:core/v1:List",
      { items: [manifest, { ...manifest, stringData: { a: CANARY } }] },
    ],
    [
      "a Secret in an annotation",
      "kubernetes:core/v1:ConfigMap",
      { metadata: { annotations: { last: JSON.stringify(manifest) } } },
    ],
    ["a Secret as YAML", "gitlab:index/repositoryFile:RepositoryFile", { content: `---\n${yaml}` }],
    ["a trigger token", "gitlab:index/pipelineTrigger:PipelineTrigger", { token: CANARY }],
    ["a variable of GitLab's", "gitlab:index/projectVariable:ProjectVariable", { key: "DB", value: CANARY }],
    [
      "a webhook whose address is its password",
      "gitlab:index/projectHook:ProjectHook",
      { url: `https://x/${CANARY}` },
    ],
    [
      "settings of a provider",
      "pulumi:providers:vault",
      { token: CANARY, authLoginUserpass: { anything: CANARY }, caCertDir: CANARY },
    ],
    [
      "settings of a provider as JSON",
      "pulumi:providers:gitlab",
      { retries: "1", secretThing: `{"a":"${CANARY}"}` },
    ],
    ["a kubeconfig", "pulumi:providers:kubernetes", { kubeconfig: `users:\n- user: {token: ${CANARY}}\n` }],
    [
      "JSON within a text, by its name",
      "a:b:C",
      { dataJson: JSON.stringify({ a: [{ client_secret: CANARY }], password: CANARY }) },
    ],
    ["JSON within JSON", "a:b:C", { v: JSON.stringify({ a: JSON.stringify({ apiKey: CANARY }) }) }],
    [
      "by its name",
      "a:b:C",
      { password: CANARY, nested: { privateKey: { pem: CANARY }, list: [{ "access-token": CANARY }] } },
    ],
    ["a password in a URL", "a:b:C", { url: `postgres://user:${CANARY}@db/app` }],
    ["what an asset holds", "a:b:C", { v: { ...asset("aa"), text: CANARY } }],
    ["a secret of Vault's", "vault:kv/secretV2:SecretV2", { dataJson: `{"a":"${CANARY}"}` }],
  ])("%s", (_, type, values) => {
    expectNone(print(changing(type, values)));
  });

  test("marked as an output of the resource, on whichever side", () => {
    const marks = [DIGEST_SECRET, EVENT_SECRET];
    for (const mark of marks)
      for (const [old, now] of [
        [mark, CANARY],
        [CANARY, mark],
      ])
        expectNone(
          print({
            steps: [
              { op: "update", type: "a:b:C", name: "x", old: { v: old }, new: { v: now } },
              { op: "update", type: "a:b:C", name: "y", old: { v: [old, 1] }, new: { v: [now] } },
              {
                op: "update",
                type: "a:b:C",
                name: "z",
                old: { v: { a: old } },
                new: { v: { a: now } },
                diffs: ["v"],
              },
              {
                op: "update",
                type: "a:b:C",
                name: "w",
                old: { v: { a: old } },
                new: { v: now },
                detailed: { "v.a": "update" },
              },
            ],
          }),
        );
    expectNone(
      print({
        steps: [
          { op: "update", type: "a:b:C", name: "x", old: { v: 1 }, new: { v: CANARY }, secretOutputs: ["v"] },
        ],
      }),
    );
    const outputs = { oldOutputs: { v: openSecret(CANARY) }, newOutputs: { v: CANARY } };
    expectNone(
      print({
        steps: [
          {
            op: "update",
            type: "a:b:C",
            name: "x",
            old: { v: CANARY },
            new: { v: CANARY },
            diffs: ["v"],
            ...outputs,
          },
        ],
      }),
    );
  });

  test("outputs of the stack that are none of ours", () => {
    expectNone(
      print({ before: { anything: CANARY, audit: { roles: [], extra: CANARY } }, after: { other: CANARY } }),
    );
  });

  test.each([
    `password=${CANARY}`,
    `{"client_token": "${CANARY}"}`,
    `Authorization: Bearer ${CANARY}`,
    `https://bot:${CANARY}@git.example.com/x.git`,
    `hvs.${CANARY}`,
    `glptt-${CANARY}`,
    `-----BEGIN PRIVATE KEY-----\n${CANARY}`,
  ])("a message, a finding: %s", (message) => {
    const findings = [
      { message, policyName: "p", policyPackName: "q", enforcementLevel: "advisory", resourceUrn: STACK_URN },
    ];
    expectNone(
      print({
        diagnostics: [
          { severity: "info", message },
          { severity: "error", message },
        ],
        findings,
      }),
    );
  });

  test("a value that is hidden in one place is in no message either, in base64 or not", () => {
    const steps = [
      { op: "create", type: "kubernetes:core/v1:Secret", name: "s", new: { data: { url: ENCODED } } },
      {
        op: "create",
        type: "a:b:C",
        name: `for-${CANARY}`,
        new: { note: `see ${CANARY}.`, [`of-${CANARY}`]: 1 },
      },
    ];
    const message = `connecting to ${CANARY} or ${ENCODED} now`;
    const { markdown } = commented(print({ steps, diagnostics: [{ severity: "info", message }] }));
    expect(markdown).toContain("connecting to [secret] or [secret] now");
    expectNone(print({ steps, diagnostics: [{ severity: "info", message }] }));
  });
});

test("settings and names that only sound like secrets stay readable", () => {
  const values = {
    tokenTtl: 600,
    secretRef: { name: "deploy-key" },
    tokenPolicies: ["sops-flux-decrypt"],
    keyId: "k-1",
  };
  const { markdown } = commented(
    eventsOf({ steps: [{ op: "create", type: "a:b:C", name: "task-runner", new: values }] }),
  );
  for (const shown of ["600", "deploy-key", "sops-flux-decrypt", "k-1", "task-runner"])
    expect(markdown).toContain(shown);
});
