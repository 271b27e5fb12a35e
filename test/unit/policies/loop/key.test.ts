import { stringify } from "yaml";
import { azureKey } from "../support/azure";
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

const OWN_AZURE = "https://kv-sops.vault.azure.net/keys/sops";

describeRule("loop-sops-config-own-keys", {
  violates: {
    "a second rule with another key": [
      [key(), sopsConfig(sopsYaml({}, { hc_vault_transit_uri: OTHER }))],
      `.sops.yaml, rule 2, encrypts with ${OTHER}, which is no key of this stack; take it out`,
    ],
    "a key in Azure beside the right one": [
      [key(), stackOutput(sopsYaml({ azure_keyvault: "https://kv-evil.vault.azure.net/keys/sops" }))],
      "encrypts with https://kv-evil.vault.azure.net/keys/sops",
    ],
    "another key of the right vault": [
      [
        azureKey(),
        sopsConfig(sopsYaml({ hc_vault_transit_uri: undefined, azure_keyvault: `${OWN_AZURE}2` })),
      ],
      `encrypts with ${OWN_AZURE}2`,
    ],
    "as Azure has answered": [
      [
        azureKey({ vaultName: undefined, keyUri: "https://kv-other.vault.azure.net/keys/sops" }),
        sopsConfig(sopsYaml({ hc_vault_transit_uri: undefined, azure_keyvault: OWN_AZURE })),
      ],
      `encrypts with ${OWN_AZURE}`,
    ],
    "a key of a service that the stack has none of": [
      [key(), sopsConfig(sopsYaml({ kms: "arn:aws:kms:eu-west-1:111122223333:key/1" }))],
      "encrypts with arn:aws:kms:eu-west-1:111122223333:key/1",
    ],
  },
  passes: {
    "its own": [key(), sopsConfig()],
    "its own of both kinds, and age": [
      key(),
      azureKey(),
      sopsConfig(sopsYaml({ azure_keyvault: OWN_AZURE, age: "age1x" })),
    ],
    "its own, as Azure has answered": [
      azureKey({ vaultName: undefined, keyUri: OWN_AZURE }),
      sopsConfig(sopsYaml({ hc_vault_transit_uri: undefined, azure_keyvault: OWN_AZURE })),
    ],
    "keys that another stack makes": sopsConfig(),
  },
  unknown: {
    "what .sops.yaml says": [[key(), sopsConfig(UNKNOWN)], "content"],
    "the key's name": [[key({ name: UNKNOWN }), sopsConfig()], "name"],
    "the vault's name": [
      [
        azureKey({ vaultName: UNKNOWN }),
        sopsConfig(sopsYaml({ hc_vault_transit_uri: undefined, azure_keyvault: OWN_AZURE })),
      ],
      "vaultName",
    ],
  },
  limits: [
    { ageRecipients: ["age1meant"] },
    {
      violates: {
        "another recipient": [
          [key(), sopsConfig(sopsYaml({ age: "age1meant,age1x" }))],
          ".sops.yaml, rule 1, encrypts to age1x, which ageRecipients does not name; take it out",
        ],
      },
      passes: { "the one that is meant": [key(), sopsConfig(sopsYaml({ age: "age1meant" }))] },
    },
  ],
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
    "a second rule is for another Vault": [
      [
        ...decryptor,
        sopsConfig(sopsYaml({}, { hc_vault_transit_uri: "https://vault.evil.example/v1/transit/keys/sops" })),
      ],
      `is for tokens made for ${ADDRESS}, but .sops.yaml names https://vault.evil.example; write`,
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
