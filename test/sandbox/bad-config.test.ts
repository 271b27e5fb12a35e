import { afterAll, beforeAll, expect, test } from "vitest";
import { devConfig, jwtAuth } from "./support/dev-config";
import { Loop } from "./support/loop";
import type { Stack } from "./support/stack";

let loop: Loop;
let stack: Stack;

beforeAll(async () => {
  loop = await Loop.start();
  stack = await loop.stack("bad", devConfig(loop.layout));
});
afterAll(() => loop?.stop());

/** What the real engine shows of a preview that fails, without colours and progress lines. */
async function failure(): Promise<string> {
  const { code, stdout, stderr } = await stack.pulumi("preview");
  expect(code).not.toBe(0);
  return stdout + stderr;
}

test("the engine prints every problem of a config at once, one line each, without a stack trace", async () => {
  const good = devConfig(loop.layout);
  stack.configure({
    "sopsloop:vault": { ...(good["sopsloop:vault"] as object), adress: "x", guide: "yes" },
    "sopsloop:flux": { ...(good["sopsloop:flux"] as object), version: "2.8", installation: "aks-extension" },
  });
  const shown = await failure();
  for (const line of [
    "sopsloop:vault.adress: is not a known key; did you mean address?",
    'sopsloop:vault.guide: is "yes"; set it to true or false (make the guide\'s policy and role)',
    "sopsloop:flux.version: is 2.8, which can only use a static Vault token; upgrade to Flux 2.9 or later, which logs in by itself",
    "sopsloop:flux.installation: is aks-extension, which takes no controller arguments (Azure/AKS#4390) and so cannot log in to Vault; remove the extension and install Flux by its CLI or operator",
  ]) {
    expect(shown).toContain(line);
  }
  expect(shown).not.toMatch(/^\s+at .*\.(ts|js):\d+/m);
  stack.configure(good);
});

test("what no section can tell alone is told too, each in its line", async () => {
  const good = devConfig(loop.layout);
  const { host, ca } = good["sopsloop:kubernetes"] as { host: string; ca: object };
  const reviewer = { mode: "token", serviceAccount: "kustomize-controller" };
  const vault = good["sopsloop:vault"] as object;
  const flux = {
    ...(good["sopsloop:flux"] as object),
    controllerArgs: ["--log-level=debug"],
    decryptors: { default: { namespace: "flux-system", serviceAccount: "default" } },
    source: { url: "ssh://git@git.example.com/team/deploy.git" },
  };
  stack.configure({
    "sopsloop:vault": {
      ...vault,
      auth: { method: "kubernetes", reviewer },
      transit: { key: "prod" },
      guide: true,
    },
    "sopsloop:flux": flux,
    "sopsloop:sops": { pathRegex: "^(?!charts/)" },
  });
  const shown = await failure();
  for (const line of [
    "sopsloop:vault.guide: is true, but the guide's policy is about transit/sops and vault.transit about transit/prod; remove guide, or remove mount and key from vault.transit",
    "sopsloop:vault.auth.reviewer.serviceAccount: is kustomize-controller, which Flux's controller of that name runs as; name an account for the reviewer alone, such as vault-token-reviewer",
    "sopsloop:flux.decryptors.default.serviceAccount: is default, which every pod of flux-system without an account of its own runs as; name an account that only decrypts, or kustomize-controller in flux-system",
    "sopsloop:flux.source.secretRef: is missing, and over ssh nothing can be cloned without a key; make a Secret with flux create secret git and name it here",
    'sopsloop:flux.controllerArgs[0]: is "--log-level=debug", which this program sets itself; remove it',
    'sopsloop:sops.pathRegex: is "^(?!charts/)", whose "(?!" is a look-ahead that sops does not have; write it without, in Go\'s syntax (RE2)',
  ]) {
    expect(shown).toContain(line);
  }
  stack.configure({
    "sopsloop:vault": { ...vault, auth: { method: "jwt", keys: { pem: ["not a key"] } } },
    "sopsloop:kubernetes": { host, ca },
    "sopsloop:flux": good["sopsloop:flux"],
    "sopsloop:sops": {},
  });
  expect(await failure()).toContain(
    "sopsloop:vault.auth.keys.pem[0]: holds no public key; give PEM text from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----",
  );
  stack.configure({ "sopsloop:vault": { ...vault, ...jwtAuth(loop.layout) } });
  const unused = await failure();
  expect(unused).toContain(
    "sopsloop:kubernetes.host: is set, but only auth.method kubernetes uses it; remove it",
  );
  expect(unused).toContain(
    "sopsloop:kubernetes.ca: is set, but only auth.method kubernetes uses it; remove it, or move it to vault.auth.keys.ca if it signed the issuer's certificate",
  );
  stack.configure(good);
});

test("a token that Vault does not know is one line, and nothing is made", async () => {
  const stranger = await loop.stack("stranger", devConfig(loop.layout));
  const { code, stdout, stderr } = await stranger
    .withEnv({ VAULT_TOKEN: "hvs.not-a-token" })
    .pulumi("preview");
  expect(code).not.toBe(0);
  expect(stdout + stderr).toMatch(/cannot look up sys\/(mounts|auth|audit) in Vault: .*permission denied/);
  expect(stdout + stderr).not.toMatch(/^\s+at .*\.(ts|js):\d+/m);
  expect(await loop.vault.send("GET", "transit/keys/sops")).toBeUndefined();
});

test("a Vault that is sealed is named as such", async () => {
  await loop.vault.send("PUT", "sys/seal");
  const shown = await failure();
  expect(shown).toMatch(/is sealed: .*unseal it, then run again/);
  await loop.sandbox.vault.start();
  await stack.succeed("preview");
});
