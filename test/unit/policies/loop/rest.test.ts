import { describeRule } from "../support/describe-rule";
import { controller, gitRepository } from "../support/flux";
import { branchProtection, file, project, schedule } from "../support/gitlab";
import { deployment, networkPolicy } from "../support/kubernetes";
import { UNKNOWN } from "../support/resources";
import { KEY_URI, sopsConfig, sopsYaml, stackOutput } from "../support/sops-config";
import { audit, key } from "../support/vault";

const unknown = { "what .sops.yaml says": [sopsConfig(UNKNOWN), "content"] } as const;

describeRule("loop-sops-config-understood", {
  violates: {
    "a name that sops ignores": [sopsConfig(sopsYaml({ hc_vault_uris: "x" })), ".sops.yaml, line"],
    "no rules": [stackOutput("stores: {}\n"), "no creation_rules"],
  },
  passes: {
    "known names": sopsConfig(),
    "no .sops.yaml": file(),
    "in base64": file({
      filePath: ".sops.yaml",
      encoding: "base64",
      content: Buffer.from(sopsYaml({})).toString("base64"),
    }),
  },
  unknown,
});

describeRule("loop-sops-config-values", {
  violates: {
    "left to sops": [
      sopsConfig(sopsYaml({ encrypted_regex: undefined })),
      "rule 1, leaves it to sops what is encrypted",
    ],
    "what stays in the clear": [
      sopsConfig(sopsYaml({}, { encrypted_regex: undefined, unencrypted_regex: "^kind$" })),
      "rule 2, says what stays in the clear (unencrypted_regex)",
    ],
  },
  passes: {
    "what is encrypted": sopsConfig(),
    "by a suffix": sopsConfig(sopsYaml({ encrypted_regex: undefined, encrypted_suffix: "_secret" })),
  },
  unknown,
});

const AZURE = "https://kv.vault.azure.net/keys/sops";

describeRule("loop-sops-config-versionless", {
  violates: {
    "a version": [
      sopsConfig(sopsYaml({ azure_keyvault: `${AZURE}/0123abcd` })),
      `rule 1, pins the version of ${AZURE}; leave it out`,
    ],
    "plain http": [
      sopsConfig(sopsYaml({ hc_vault_transit_uri: "http://vault.example.com:8200/v1/transit/keys/sops" })),
      "in the clear; use https",
    ],
  },
  passes: {
    "no version": sopsConfig(sopsYaml({ azure_keyvault: AZURE })),
    "this machine": sopsConfig(
      sopsYaml({ hc_vault_transit_uri: "http://127.0.0.1:8200/v1/transit/keys/sops" }),
    ),
  },
  unknown,
});

const prod = { stack: "prod" };

describeRule("loop-sops-config-way-out", {
  violates: {
    "one recipient": [sopsConfig(sopsYaml({}), prod), "rule 1, has one recipient, and all is lost with it"],
  },
  passes: {
    "an age key": sopsConfig(sopsYaml({ age: "age1x" }), prod),
    "two services": sopsConfig(sopsYaml({ azure_keyvault: AZURE }), prod),
    "one recipient in dev": sopsConfig(),
    "several groups": sopsConfig(
      sopsYaml({
        hc_vault_transit_uri: undefined,
        key_groups: [{ hc_vault: [KEY_URI] }, { age: ["age1x"] }],
      }),
      prod,
    ),
  },
  unknown: { "what .sops.yaml says": [sopsConfig(UNKNOWN, prod), "content"] },
  limits: [
    { productionStacks: ["live"] },
    {
      violates: { live: [sopsConfig(sopsYaml({}), { stack: "eu-live" }), "add a break-glass age key"] },
      passes: { prod: sopsConfig(sopsYaml({}), prod) },
    },
  ],
});

describeRule("loop-audit-device-exists", {
  violates: {
    none: [key(), "is used without an audit device in this stack"],
    "one that keeps nothing": [[key(), audit({ "options.file_path": "discard" })], "without an audit device"],
    "in another stack": [[key(), audit({}, prod)], "set sopsloop:vault.audit.path"],
  },
  passes: { one: [key(), audit()] },
  unknown: { "where it writes": [[key(), audit({ "options.file_path": UNKNOWN })], "options.file_path"] },
});

describeRule("loop-sweep-exists", {
  violates: {
    none: [[project(), key()], "has no active schedule that looks for stale files"],
    "switched off": [[project(), key(), schedule({ active: false })], "declare a PipelineSchedule"],
    "too seldom for a key that rotates by itself": [
      [project(), key(), schedule({ cron: "23 3 * * *" })],
      "is swept every 24 hours at best; let a schedule run at least every 60 minutes",
    ],
    "too seldom for any": [
      [project(), key({ autoRotatePeriod: 0 }), schedule({ cron: "0 0 * * 1" })],
      "at least every 24 hours",
    ],
  },
  passes: {
    hourly: [project(), key(), schedule()],
    "daily, where nothing rotates by itself": [
      project(),
      key({ autoRotatePeriod: 0 }),
      schedule({ cron: "23 3 * * *" }),
    ],
    "no key": project(),
  },
  unknown: { "when it runs": [[project(), key(), schedule({ cron: UNKNOWN })], "cron"] },
});

describeRule("loop-flux-default-deny", {
  violates: {
    none: [controller(), "decrypts in flux-system, where this stack denies no traffic"],
    "one way only": [
      [controller(), networkPolicy({ "spec.policyTypes": ["Ingress"] })],
      "set sopsloop:flux.networkPolicies",
    ],
    "for some pods": [
      [controller(), networkPolicy({ "spec.podSelector": { matchLabels: { a: "b" } } })],
      "denies no traffic",
    ],
    elsewhere: [[controller(), networkPolicy({ "metadata.namespace": "apps" })], "denies no traffic"],
  },
  passes: { "all of it": [controller(), networkPolicy()], "another workload": deployment() },
  unknown: {
    "what it is for": [[controller(), networkPolicy({ "spec.policyTypes": UNKNOWN })], "spec.policyTypes"],
  },
});

describeRule("loop-watched-branch-protected", {
  violates: {
    "no protection": [[gitRepository(), project()], "watches main, which nothing in this stack protects"],
    "of another branch": [
      [gitRepository(), project(), branchProtection({ branch: "release/*" })],
      "declare a BranchProtection",
    ],
  },
  passes: {
    "the same branch": [gitRepository(), project(), branchProtection()],
    "GitLab is not of this stack": gitRepository(),
    "no branch": [gitRepository({ "spec.ref": { tag: "v1" } }), project()],
  },
  unknown: { "the branch": [[gitRepository({ "spec.ref.branch": UNKNOWN }), project()], "spec.ref.branch"] },
});
