import { stringify } from "yaml";
import { describeRule } from "../support/describe-rule";
import { controller } from "../support/flux";
import { configMap } from "../support/kubernetes";
import { UNKNOWN } from "../support/resources";
import { KEY_URI, sopsConfig, sopsYaml, stackOutput } from "../support/sops-config";
import {
  ADDRESS,
  accountRole,
  decryptPolicy,
  grant,
  guideRole,
  key,
  kubernetesRole,
  pipelineRole,
} from "../support/vault";

const OTHER = `${ADDRESS}/v1/transit/keys/other`;

describeRule("loop-key-same-everywhere", {
  violates: {
    "files are encrypted with another": [
      [key(), sopsConfig(sopsYaml({ hc_vault_transit_uri: OTHER }))],
      `is the stack's key, but .sops.yaml encrypts with ${OTHER}; make them the same`,
    ],
    "so says the stack's output": [
      [key(), stackOutput(sopsYaml({ hc_vault_transit_uri: OTHER }))],
      "encrypts with",
    ],
    "the cluster decrypts with another": [
      [key(), kubernetesRole(), grant("transit/decrypt/other", ["update"])],
      "but its roles decrypt with transit/keys/other",
    ],
  },
  passes: {
    "one key": [key(), sopsConfig(), kubernetesRole(), decryptPolicy],
    "in a namespace of Vault's": [
      key(),
      sopsConfig(sopsYaml({ hc_vault_transit_uri: `${ADDRESS}/v1/team/a/transit/keys/sops` })),
    ],
    "nothing but the key": key(),
    "another kind of key in .sops.yaml": [
      key(),
      sopsConfig(sopsYaml({ hc_vault_transit_uri: undefined, age: "age1x" })),
    ],
  },
  unknown: {
    "what .sops.yaml says": [[key(), sopsConfig(UNKNOWN)], "content"],
    "the key's name": [[key({ name: UNKNOWN }), sopsConfig()], "name"],
  },
});

const told = (address: unknown) =>
  configMap({
    data: {
      "config.yaml":
        address === UNKNOWN
          ? UNKNOWN
          : stringify({ instances: [{ address, loginPath: "auth/kubernetes/login" }] }),
    },
  });
const decryptor = [kubernetesRole(), decryptPolicy] as const;

describeRule("loop-address-same-everywhere", {
  violates: {
    ".sops.yaml leaves the port out": [
      [
        ...decryptor,
        sopsConfig(sopsYaml({ hc_vault_transit_uri: "https://vault.example.com/v1/transit/keys/sops" })),
      ],
      `is for tokens made for ${ADDRESS}, but .sops.yaml names https://vault.example.com; write the same address everywhere`,
    ],
    "Flux is told of another": [
      [...decryptor, controller(), told("https://vault.example.com:8201")],
      "but Flux is told of https://vault.example.com:8201",
    ],
    "Flux is told of another, by whoever owns its Deployment": [
      [...decryptor, told("https://vault.example.com:8201")],
      "but Flux is told of https://vault.example.com:8201",
    ],
    "Flux may not send tokens there": [
      [...decryptor, controller({ env: [{ name: "SOPS_HC_VAULT_ALLOWLIST", value: "https://other/" }] })],
      "but Flux may send tokens to https://other",
    ],
    "an account's role of the jwt method": [
      [accountRole({ boundAudiences: ["https://vault"] }), decryptPolicy, sopsConfig()],
      "is for tokens made for https://vault,",
    ],
  },
  passes: {
    "one address": [...decryptor, sopsConfig(), controller(), told(ADDRESS)],
    "the guide's own role": [guideRole(), decryptPolicy, sopsConfig()],
    "a pipeline's": [pipelineRole(), sopsConfig()],
  },
  unknown: {
    "what Flux is told": [[...decryptor, controller(), told(UNKNOWN)], "data.config.yaml"],
    "the audience": [[kubernetesRole({ audience: UNKNOWN }), decryptPolicy], "audience"],
  },
});

const prod = { stack: "prod" };

describeRule("loop-environment-own-key", {
  violates: {
    "one .sops.yaml for both": [
      sopsConfig(sopsYaml({ path_regex: "^clusters/prod/" }, { path_regex: "^clusters/dev/" })),
      `has a creation rule for production and one for others with the same key ${KEY_URI}`,
    ],
    "two stacks": [
      [sopsConfig(undefined, prod), stackOutput()],
      `encrypts production with ${KEY_URI}, with which the stack dev encrypts too`,
    ],
  },
  passes: {
    "keys of their own": [sopsConfig(sopsYaml({ hc_vault_transit_uri: OTHER }), prod), sopsConfig()],
    "a shared way out": sopsConfig(
      sopsYaml(
        { path_regex: "^prod/", hc_vault_transit_uri: OTHER, age: "age1x" },
        { path_regex: "^dev/", age: "age1x" },
      ),
    ),
    "two stacks of production": [sopsConfig(undefined, prod), sopsConfig(undefined, { stack: "eu-prod" })],
    "a path that is only like one": sopsConfig(
      sopsYaml({ path_regex: "^products/" }, { path_regex: "^dev/" }),
    ),
  },
  unknown: { "what .sops.yaml says": [sopsConfig(UNKNOWN, prod), "content"] },
  limits: [
    { productionStacks: ["live"] },
    {
      violates: {
        "live and dev": [
          [sopsConfig(undefined, { stack: "live" }), sopsConfig()],
          "give production a key of its own",
        ],
      },
      passes: { "prod is no production": [sopsConfig(undefined, prod), sopsConfig()] },
    },
  ],
});
