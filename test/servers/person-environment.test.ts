import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { personEnvironment, shellLines } from "../../sandbox/person-environment";
import { run } from "../../sandbox/processes/run";
import { AZURE } from "../../sandbox/servers/azure-server";
import { Layout } from "../../sandbox/servers/layout";
import { writeTrustBundle } from "../../sandbox/servers/trust-bundle";
import { temporaryFolders } from "./temporary-folder";

const temporary = temporaryFolders();

/** A sandbox in a checkout whose path would break a careless shell line. */
function layout(): Layout {
  const dev = Layout.dev(join(temporary(), "it's a $HOME"));
  mkdirSync(dev.vault.folder, { recursive: true });
  writeFileSync(dev.vault.rootToken, "hvs.token\n");
  mkdirSync(dev.gitlab.folder, { recursive: true });
  writeFileSync(dev.gitlab.botToken, "a-token");
  return dev;
}

test("a shell gets exactly these values", async () => {
  const { root, bin } = layout();
  const dev = new Layout(root, Layout.dev("/").ports);
  const variables = personEnvironment(dev, { PATH: "/usr/bin:/bin", no_proxy: "intranet,127.0.0.1" });
  const names = Object.keys(variables);
  const script = `${shellLines(variables).join("\n")}\nprintf '%s\\0' ${names.map((name) => `"$${name}"`).join(" ")}; printf '%s' "$VAULT_NAMESPACE$SOPS_VAULT_URIS$GIT_DIR"`;
  const seen = (
    await run("sh", ["-c", script], {
      env: { PATH: "/usr/bin:/bin", VAULT_NAMESPACE: "a", SOPS_VAULT_URIS: "b", GIT_DIR: "c" },
    })
  ).split("\0");
  expect(Object.fromEntries(names.map((name, index) => [name, seen[index]]))).toEqual({
    PATH: `${bin}:/usr/bin:/bin`,
    VAULT_ADDR: "https://127.0.0.1:18200",
    VAULT_CACERT: join(root, "vault", "ca.pem"),
    VAULT_TOKEN: "hvs.token",
    KUBECONFIG: join(root, "kubeconfig"),
    PULUMI_HOME: join(root, "pulumi-home"),
    PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(root, "passphrase"),
    DEPLOY_REPO_URL: "http://127.0.0.1:13080/deploy.git",
    GITLAB_URL: "https://127.0.0.1:13443",
    GITLAB_CA: join(root, "gitlab", "tls", "ca.pem"),
    GITLAB_TOKEN: "a-token",
    NO_PROXY: "intranet,127.0.0.1,localhost",
    no_proxy: "intranet,127.0.0.1,localhost",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  });
  expect(seen.at(-1)).toBe("");
});

test("where Azure has run, its proxy is the way, and the person is the deployer there", () => {
  const dev = layout();
  mkdirSync(dev.azure.folder, { recursive: true });
  writeFileSync(dev.azure.deployerSecret, "a-client-secret\n");
  const { HTTPS_PROXY, https_proxy, SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, ...others } = personEnvironment(
    dev,
    {},
  );
  expect([HTTPS_PROXY, https_proxy]).toEqual(["http://127.0.0.1:13600", "http://127.0.0.1:13600"]);
  expect([SSL_CERT_FILE, NODE_EXTRA_CA_CERTS]).toEqual([dev.trust, dev.trust]);
  for (const names of ["ARM", "AZURE"])
    expect(others).toMatchObject({
      [`${names}_CLIENT_SECRET`]: "a-client-secret",
      [`${names}_TENANT_ID`]: AZURE.tenantId,
      [`${names}_CLIENT_ID`]: AZURE.deployerId,
    });
});

test("the one file of authorities has the machine's, the person's own where there is one, and the sandbox's", () => {
  const dev = layout();
  const own = join(dev.root, "own.pem");
  mkdirSync(dirname(dev.azure.ca), { recursive: true });
  mkdirSync(dev.ingress.folder, { recursive: true });
  for (const [file, text] of [
    [own, "OWN"],
    [dev.azure.ca, "AZURE"],
    [dev.ingress.ca, "INGRESS"],
  ] as const)
    writeFileSync(file, `${text}\n`);
  writeTrustBundle(dev, {});
  const machine = readFileSync(dev.trust, "utf8");
  expect(machine.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(50);
  expect(machine).toMatch(/\nAZURE\nINGRESS\n$/);
  // A second shell has the file itself in its environment.
  writeTrustBundle(dev, { SSL_CERT_FILE: dev.trust });
  expect(readFileSync(dev.trust, "utf8")).toBe(machine);
  const theirs = { SSL_CERT_FILE: own, NODE_EXTRA_CA_CERTS: own };
  const inside = { SSL_CERT_FILE: dev.trust, NODE_EXTRA_CA_CERTS: dev.trust };
  for (const variables of [theirs, inside]) {
    writeTrustBundle(dev, variables);
    expect(readFileSync(dev.trust, "utf8")).toBe("OWN\nAZURE\nINGRESS\n");
  }
});

test("a second eval changes nothing", () => {
  const dev = layout();
  const once = personEnvironment(dev, { PATH: "/usr/bin" });
  expect(personEnvironment(dev, once)).toEqual(once);
});
