import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../components/config/parse";
import { CERTIFICATE, sampleConfig, sampleWith } from "./sample";

const files: Record<string, string> = { "ca.pem": CERTIFICATE, "empty.pem": "" };
const surroundings = {
  readFile: (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error("no such file");
    return text;
  },
  isSecret: () => true,
};
const parse = (raw: Record<string, unknown>) => parseConfig(raw, surroundings);
const errorsOf = (raw: Record<string, unknown>) => {
  const parsed = parse(raw);
  return parsed.ok ? [] : parsed.errors;
};
const reviewerToken = { method: "kubernetes", reviewer: { mode: "token" } };
const privateKey = `-----BEGIN ${"PRIVATE KEY"}-----\nMA==\n-----END ${"PRIVATE KEY"}-----`;
const twoDecryptors = {
  a: { namespace: "apps", serviceAccount: "sops" },
  b: { namespace: "apps", serviceAccount: "sops" },
  default: { namespace: "flux-system", serviceAccount: "kustomize-controller" },
};

/** Path that is set, the bad value, and the one line that a person reads. */
const BAD: readonly (readonly [path: string, value: unknown, line: string])[] = [
  [
    "vault.address",
    undefined,
    "sopsloop:vault.address: is missing; set it to Vault's address, such as https://vault.example.com:8200",
  ],
  ["vault.adress", "https://v", "sopsloop:vault.adress: is not a known key; did you mean address?"],
  [
    "vault.address",
    "vault.example.com",
    'sopsloop:vault.address: is "vault.example.com"; set it to a URL such as https://vault.example.com:8200',
  ],
  [
    "vault.address",
    "https://vault.example.com/ui",
    'sopsloop:vault.address: has "/ui" after the host; keep only scheme, host and port, as in https://vault.example.com:8200',
  ],
  [
    "vault.address",
    "https://vault.example.com?x=1",
    'sopsloop:vault.address: has "?x=1" after the host; keep only scheme, host and port, as in https://vault.example.com:8200',
  ],
  [
    "vault.address",
    "http://vault.example.com:8200",
    "sopsloop:vault.address: is plain http to vault.example.com; use https (http is only for a loopback address)",
  ],
  [
    "vault.address",
    "https://root:hunter 2@vault:x",
    "sopsloop:vault.address: is no URL; set it to a URL such as https://vault.example.com:8200",
  ],
  [
    "vault.address",
    "https://root:hunter2@vault.example.com",
    "sopsloop:vault.address: holds a user name or password; take it out of the URL, it would be stored in clear",
  ],
  [
    "vault.address",
    8200,
    "sopsloop:vault.address: is the number 8200; set it to Vault's address, such as https://vault.example.com:8200",
  ],
  [
    "vault.ca",
    { file: "missing.pem" },
    'sopsloop:vault.ca.file: is "missing.pem", which cannot be read; give a path relative to the project folder that exists',
  ],
  [
    "vault.ca",
    { file: "empty.pem" },
    "sopsloop:vault.ca.file: holds no certificate; give PEM text that starts with -----BEGIN CERTIFICATE-----",
  ],
  [
    "vault.ca",
    { pem: CERTIFICATE, file: "ca.pem" },
    "sopsloop:vault.ca: has pem and file; give one of pem, file, configMap",
  ],
  [
    "vault.ca",
    { pem: privateKey },
    "sopsloop:vault.ca.pem: holds a private key; give only the CA's certificate",
  ],
  [
    "vault.transit.mount",
    "/transit/",
    'sopsloop:vault.transit.mount: is "/transit/"; set it to a mount path without slashes at the ends, such as transit',
  ],
  [
    "vault.transit.mount",
    "transit/+",
    'sopsloop:vault.transit.mount: is "transit/+"; set it to a mount path without slashes at the ends, such as transit',
  ],
  [
    "vault.transit.key",
    "sops*",
    'sopsloop:vault.transit.key: is "sops*"; set it to a key name: letters, digits, underscores, dashes and dots, such as sops',
  ],
  [
    "vault.transit.autoRotatePeriod",
    "30m",
    "sopsloop:vault.transit.autoRotatePeriod: is 30m; set it to 0 (never) or at least 1h",
  ],
  [
    "vault.transit.autoRotatePeriod",
    "90 days",
    'sopsloop:vault.transit.autoRotatePeriod: is "90 days"; set it to a duration such as 90s, 10m or 2160h',
  ],
  [
    "vault.transit.minDecryptionVersion",
    0,
    "sopsloop:vault.transit.minDecryptionVersion: is the number 0; set it to a key version, 1 or more",
  ],
  [
    "vault.transit.protect",
    "yes",
    'sopsloop:vault.transit.protect: is "yes"; set it to true or false (protect the key and its mount)',
  ],
  [
    "vault.transit.exportable",
    true,
    "sopsloop:vault.transit.exportable: is not a known key; known are mount, key, autoRotatePeriod, minDecryptionVersion, protect",
  ],
  ["vault.auth", undefined, "sopsloop:vault.auth: is missing; set method to kubernetes or jwt"],
  ["vault.auth.method", "token", 'sopsloop:vault.auth.method: is "token"; set it to kubernetes or jwt'],
  [
    "vault.auth.tokenTtl",
    "24h",
    "sopsloop:vault.auth.tokenTtl: is 24h; set it to between 1m and 1h (a token serves one Flux build)",
  ],
  [
    "vault.auth.reviewer",
    undefined,
    "sopsloop:vault.auth.reviewer: is missing; set mode to in-cluster or token",
  ],
  [
    "vault.auth.reviewer.mode",
    "client-jwt",
    "sopsloop:vault.auth.reviewer.mode: is client-jwt, which cannot work: the API server refuses a token made for Vault; set it to in-cluster or token, or use auth.method jwt",
  ],
  [
    "vault.auth",
    reviewerToken,
    "sopsloop:kubernetes.host: is missing; with auth.reviewer.mode token set it to the API server's URL as Vault reaches it",
  ],
  [
    "vault.auth",
    { method: "jwt", keys: {} },
    "sopsloop:vault.auth.keys: needs exactly one of discovery, jwks, pem",
  ],
  [
    "vault.auth",
    { method: "jwt", keys: { pem: [privateKey] } },
    "sopsloop:vault.auth.keys.pem[0]: holds a private key; give only the public key",
  ],
  [
    "vault.auth",
    { method: "jwt", keys: { jwks: "http://issuer.example.com/keys" } },
    "sopsloop:vault.auth.keys.jwks: is plain http to issuer.example.com; use https (http is only for a loopback address)",
  ],
  [
    "vault.audit",
    { path: "audit.log" },
    'sopsloop:vault.audit.path: is "audit.log"; set it to an absolute path on the Vault server',
  ],
  [
    "kubernetes.ca",
    { file: "ca.pem" },
    "sopsloop:kubernetes.ca: is set, but an in-cluster reviewer reads the CA of its own pod; remove it, or set auth.reviewer.mode to token",
  ],
  [
    "kubernetes.host",
    "http://10.0.0.1:6443",
    "sopsloop:kubernetes.host: is plain http to 10.0.0.1; use https (http is only for a loopback address)",
  ],
  ["adopt", "yes", 'sopsloop:adopt: is "yes"; set it to true or false (take over the guide\'s setup)'],
  [
    "flux.version",
    2.9,
    'sopsloop:flux.version: is the number 2.9; put it in quotes ("2.9"), because YAML reads 2.10 as 2.1',
  ],
  [
    "flux.version",
    "2.8",
    "sopsloop:flux.version: is 2.8, which can only use a static Vault token; upgrade to Flux 2.9 or later, which logs in by itself",
  ],
  ["flux.version", "latest", 'sopsloop:flux.version: is "latest"; set it to a Flux version such as "2.9"'],
  [
    "flux.version",
    "3.0",
    "sopsloop:flux.version: is 3.0, which this program does not know; use Flux 2.9 or a later 2.x",
  ],
  [
    "flux.installation",
    "aks-extension",
    "sopsloop:flux.installation: is aks-extension, which takes no controller arguments (Azure/AKS#4390) and so cannot log in to Vault; remove the extension and install Flux by its CLI or operator",
  ],
  [
    "flux.installation",
    "helm",
    'sopsloop:flux.installation: is "helm"; set it to one of cli, bootstrap, operator',
  ],
  [
    "flux.decryptors.default.serviceAccount",
    "Kustomize-Controller",
    'sopsloop:flux.decryptors.default.serviceAccount: is "Kustomize-Controller"; set it to a Kubernetes name: lower-case letters, digits, dashes and dots',
  ],
  [
    "flux.decryptors.default.createNamespace",
    true,
    "sopsloop:flux.decryptors.default.createNamespace: is true for flux-system, where Flux itself runs; set it to false",
  ],
  [
    "flux.decryptors",
    twoDecryptors,
    "sopsloop:flux.decryptors.b: is apps/sops, which a is already; remove one and point its kustomizations to the other",
  ],
  [
    "flux.decryptors.Team_A",
    { namespace: "apps", serviceAccount: "sops" },
    "sopsloop:flux.decryptors.Team_A: is not a usable name; use lower-case letters, digits and dashes",
  ],
  [
    "flux.source.url",
    "https://bot:token@git.example.com/deploy.git",
    "sopsloop:flux.source.url: holds a user name or password; take it out of the URL, it would be stored in clear",
  ],
  [
    "flux.source.interval",
    "often",
    'sopsloop:flux.source.interval: is "often"; set it to a duration such as 90s, 10m or 2160h',
  ],
  [
    "flux.kustomizations.apps.decryptor",
    "defualt",
    'sopsloop:flux.kustomizations.apps.decryptor: is "defualt", which is not under flux.decryptors; did you mean default?',
  ],
  [
    "flux.kustomizations.apps.path",
    "../apps",
    'sopsloop:flux.kustomizations.apps.path: is "../apps"; set it to a folder inside the deploy repository such as ./apps',
  ],
  [
    "flux.networkPolicies",
    {
      apiServer: { cidr: "10.0.0.1/33", port: 443 },
      vault: { cidr: "::/0", port: 8200 },
      git: { cidr: "10.0.0.0/8", port: 443 },
    },
    'sopsloop:flux.networkPolicies.apiServer.cidr: is "10.0.0.1/33"; set it to an address range such as 10.0.0.0/16',
  ],
  [
    "flux.networkPolicies",
    {
      apiServer: { cidr: "10.0.0.1/32", port: 70000 },
      vault: { cidr: "::/0", port: 8200 },
      git: { cidr: "10.0.0.0/8", port: 443 },
    },
    "sopsloop:flux.networkPolicies.apiServer.port: is the number 70000; set it to a port number from 1 to 65535",
  ],
  [
    "flux.alerts",
    { type: "slack" },
    "sopsloop:alertAddress: is missing, and flux.alerts needs it; run pulumi config set --secret sopsloop:alertAddress",
  ],
  [
    "flux.alerts",
    { type: "pagerduty" },
    'sopsloop:flux.alerts.type: is "pagerduty"; set it to one of slack, msteams, discord, rocket, googlechat, generic',
  ],
  [
    "alertAddress",
    "https://hooks.example.com/token",
    "sopsloop:alertAddress: is set, but nothing uses it; add flux.alerts or run pulumi config rm sopsloop:alertAddress",
  ],
  [
    "sops.encryptedRegex",
    "^(data|stringData$",
    'sopsloop:sops.encryptedRegex: is "^(data|stringData$", which is not a regular expression; mend its brackets and escapes',
  ],
  [
    "sops.encryptRegex",
    "^data$",
    "sopsloop:sops.encryptRegex: is not a known key; did you mean encryptedRegex?",
  ],
  [
    "age.recipients",
    [],
    "sopsloop:age.recipients: is empty; give at least one age recipient, or remove sopsloop:age",
  ],
  [
    "age.recipients",
    ["age1short"],
    'sopsloop:age.recipients[0]: is "age1short"; set it to an age recipient, age1 and 58 more characters',
  ],
  [
    "age.recipients",
    [" AGE-SECRET-KEY-1QQQ"],
    "sopsloop:age.recipients[0]: is a private age key; treat it as leaked, and give its public half (age1…)",
  ],
  [
    "polices",
    {},
    "sopsloop:polices: is not a known key; known are adopt, vault, kubernetes, flux, alertAddress, sops, age",
  ],
];

describe("one bad value, one line", () => {
  test.each(BAD)("%s = %j", (path, value, line) => {
    expect(errorsOf(sampleWith(path, value))).toEqual([line]);
  });
});

test("every problem is reported at once, cross-checks of what could be read included", () => {
  const raw = sampleWith("vault.address", "ftp://vault");
  Object.assign(raw, { sopps: {}, flux: sampleWith("flux.kustomizations.apps.decryptor", "defualt").flux });
  expect(errorsOf(raw)).toMatchInlineSnapshot(`
    [
      "sopsloop:sopps: is not a known key; did you mean sopsloop:sops?",
      "sopsloop:vault.address: has the scheme ftp; set it to a URL such as https://vault.example.com:8200",
      "sopsloop:flux.kustomizations.apps.decryptor: is "defualt", which is not under flux.decryptors; did you mean default?",
    ]
  `);
});

test("a webhook stored in clear is refused, and not repeated", () => {
  const raw = sampleWith("alertAddress", "https://hooks.example.com/token");
  Object.assign(raw, { flux: sampleWith("flux.alerts", { type: "slack" }).flux });
  const parsed = parseConfig(raw, { ...surroundings, isSecret: () => false });
  expect(parsed).toMatchInlineSnapshot(`
    {
      "errors": [
        "sopsloop:alertAddress: is stored in clear; run pulumi config set --secret sopsloop:alertAddress, and change the credential if it was shared",
      ],
      "ok": false,
    }
  `);
});

test("fills in every default", () => {
  expect(parse(sampleConfig())).toMatchInlineSnapshot(`
    {
      "ok": true,
      "settings": {
        "adopt": false,
        "flux": {
          "decryptors": {
            "default": {
              "createNamespace": false,
              "namespace": "flux-system",
              "serviceAccount": "kustomize-controller",
            },
          },
          "installation": "cli",
          "kustomizations": {
            "apps": {
              "decryptor": "default",
              "interval": "10m",
              "path": "./apps",
              "prune": true,
              "timeout": "3m",
              "wait": true,
            },
          },
          "namespace": "flux-system",
          "source": {
            "branch": "main",
            "interval": "1m",
            "name": "deploy",
            "url": "https://git.example.com/team/deploy.git",
          },
          "version": {
            "major": 2,
            "minor": 9,
            "text": "2.9",
          },
        },
        "kubernetes": {},
        "sops": {
          "encryptedRegex": "^(data|stringData)$",
          "macOnlyEncrypted": true,
          "pathRegex": "\\.sops\\.ya?ml$",
        },
        "vault": {
          "address": "https://vault.example.com:443",
          "auth": {
            "method": "kubernetes",
            "mount": "kubernetes",
            "reviewer": {
              "mode": "in-cluster",
            },
            "tokenTtl": 600,
          },
          "guide": true,
          "transit": {
            "autoRotatePeriod": 7776000,
            "key": "sops",
            "minDecryptionVersion": 1,
            "mount": "transit",
            "protect": true,
          },
        },
      },
    }
  `);
});

test.each([
  ["https://Vault.Example.COM", "https://vault.example.com:443"],
  ["https://vault.example.com:8200/", "https://vault.example.com:8200"],
  ["https://vault.example.com:443", "https://vault.example.com:443"],
  ["http://127.0.0.1:8200", "http://127.0.0.1:8200"],
  ["https://[2001:db8::1]:8200", "https://[2001:db8::1]:8200"],
])("the address %s is written %s", (given, normal) => {
  const parsed = parse(sampleWith("vault.address", given));
  expect(parsed.ok && parsed.settings.vault.address).toBe(normal);
});

test("empty sections count as absent, because Pulumi.yaml must give them a default", () => {
  const raw = { ...sampleConfig(), adopt: false, kubernetes: {}, alertAddress: "", sops: {}, age: {} };
  expect(parse(raw)).toEqual(parse(sampleConfig()));
});

test("a CA may be text, a file or a ConfigMap", () => {
  const caOf = (ca: unknown) => {
    const parsed = parse(sampleWith("vault.ca", ca));
    return parsed.ok && parsed.settings.vault.ca;
  };
  const configMap = { namespace: "vault", name: "vault-ca", key: "ca.crt" };
  expect(caOf({ pem: CERTIFICATE })).toEqual({ pem: CERTIFICATE });
  expect(caOf({ file: "ca.pem" })).toEqual({ pem: CERTIFICATE, file: "ca.pem" });
  expect(caOf({ configMap })).toEqual({ configMap });
});

test("durations become seconds where Vault is told, and stay as written where Flux is", () => {
  const parsed = parse(sampleWith("vault.auth.tokenTtl", "2m30s"));
  expect(parsed.ok && parsed.settings.vault.auth.tokenTtl).toBe(150);
  expect(parsed.ok && parsed.settings.vault.transit.autoRotatePeriod).toBe(7_776_000);
  expect(parsed.ok && parsed.settings.flux.source.interval).toBe("1m");
});

test("a VAULT_NAMESPACE that the config does not know is refused", () => {
  const errors = (config: Record<string, unknown>) => {
    const result = parseConfig(config, { ...surroundings, vaultNamespace: "team" });
    return result.ok ? [] : result.errors;
  };
  expect(errors(sampleConfig())).toEqual([
    'sopsloop:vault.namespace: differs from VAULT_NAMESPACE, which is "team" in this environment; set it to that or unset the variable',
  ]);
  expect(errors(sampleWith("vault.namespace", "team"))).toEqual([]);
});
