import { expect, test } from "vitest";
import { parseConfig } from "../../../components/config/parse";
import { errorsOf, parse, SURROUNDINGS } from "./parsing";
import { CERTIFICATE, PUBLIC_KEY, sampleConfig, sampleWith, sampleWithAll } from "./sample";

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
  const parsed = parseConfig(raw, { ...SURROUNDINGS, isSecret: () => false });
  expect(parsed).toMatchInlineSnapshot(`
    {
      "errors": [
        "sopsloop:alertAddress: is stored in clear; run pulumi config set --secret sopsloop:alertAddress, and change the credential if it was shared",
      ],
      "ok": false,
    }
  `);
});

test("a token stored in clear is refused, and not repeated", () => {
  const parsed = parseConfig(sampleWith("relayReadToken", "glpat-1234567890"), {
    ...SURROUNDINGS,
    isSecret: () => false,
  });
  expect(parsed.ok ? [] : parsed.errors).toContain(
    "sopsloop:relayReadToken: is stored in clear; run pulumi config set --secret sopsloop:relayReadToken, and change the credential if it was shared",
  );
  expect(JSON.stringify(parsed)).not.toContain("glpat-");
});

test("fills in every default", () => {
  expect(parse(sampleConfig())).toMatchInlineSnapshot(`
    {
      "ok": true,
      "settings": {
        "adopt": false,
        "flux": {
          "controllerArgs": [],
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
    const result = parseConfig(config, { ...SURROUNDINGS, vaultNamespace: "team" });
    return result.ok ? [] : result.errors;
  };
  expect(errors(sampleConfig())).toEqual([
    'sopsloop:vault.namespace: differs from VAULT_NAMESPACE, which is "team" in this environment; set it to that or unset the variable',
  ]);
  expect(errors(sampleWith("vault.namespace", "team"))).toEqual([]);
});

test.each([
  ["https://10.0.0.1:6443/", "https://10.0.0.1:6443"],
  ["https://Rancher.example.com/k8s/clusters/c-x", "https://rancher.example.com:443/k8s/clusters/c-x"],
  ["https://rancher.example.com:8443/k8s/clusters/c-x/", "https://rancher.example.com:8443/k8s/clusters/c-x"],
])("the API server's URL %s is written %s", (given, normal) => {
  const parsed = parse(sampleWith("kubernetes.host", given));
  expect(parsed.ok && parsed.settings.kubernetes.host).toBe(normal);
});

test("public keys lose the blanks around them, which Vault does not keep either", () => {
  const keys = { pem: [PUBLIC_KEY, `\n${PUBLIC_KEY}\n`] };
  const parsed = parse(sampleWith("vault.auth", { method: "jwt", keys }));
  const auth = parsed.ok && parsed.settings.vault.auth;
  expect(auth && auth.method === "jwt" && auth.keys).toEqual({ pem: [PUBLIC_KEY.trim(), PUBLIC_KEY.trim()] });
});

test.each([
  [{}, true],
  [{ mount: "transit", key: "sops" }, true],
  [{ mount: "transit-prod" }, false],
  [{ key: "sops-prod" }, false],
])("with transit %j the guide's policy and role are made by default: %s", (transit, guide) => {
  const parsed = parse(sampleWith("vault.transit", transit));
  expect(parsed.ok && parsed.settings.vault.guide).toBe(guide);
  const adopting = parse({ ...sampleWith("vault.transit", transit), adopt: true });
  expect(adopting.ok).toBe(true);
});

test("an account of Flux's name in another namespace is not Flux's, and may decrypt", () => {
  const account = { namespace: "apps", serviceAccount: "source-controller" };
  expect(errorsOf(sampleWith("flux.decryptors.apps", account))).toEqual([]);
});

test("ssh is cloned with a key, https may do without", () => {
  const source = { url: "ssh://git@git.example.com/team/deploy.git", secretRef: "deploy-key" };
  expect(errorsOf(sampleWith("flux.source", source))).toEqual([]);
});

test("the controller's further flags stay as written, in their order", () => {
  const flags = [
    "--no-cross-namespace-refs=true",
    "--concurrent=10",
    "--no-remote-bases",
    "--feature-gates=GroupChangeLog=true",
  ];
  const parsed = parse(sampleWith("flux.controllerArgs", flags));
  expect(parsed.ok && parsed.settings.flux.controllerArgs).toEqual(flags);
});

test("a sweep once a day, where clocks change", () => {
  const changes = {
    gitlab: {
      address: "https://gitlab.example.com",
      project: "platform/deploy",
      sweep: { cron: "23 3 * * *", timezone: "Europe/Berlin" },
    },
    "vault.transit.autoRotatePeriod": "0",
  };
  expect(errorsOf(sampleWithAll(changes))).toEqual([]);
  expect(errorsOf(sampleWithAll({ ...changes, "gitlab.sweep.cron": "23 3 */2 * *" }))).toEqual([
    'sopsloop:gitlab.sweep.cron: is "23 3 */2 * *", which pauses for too long; look at least once a day',
  ]);
});
