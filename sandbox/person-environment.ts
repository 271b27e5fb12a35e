import { readFileSync } from "node:fs";
import { delimiter } from "node:path";
import type { Layout } from "./servers/layout";

/** Variables that would lead a tool away from the sandbox. */
const MISLEADING = ["VAULT_NAMESPACE", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_STACK"];

/** The engine needs nothing from the internet, so it need not try. */
const ENGINE = {
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  PULUMI_SKIP_UPDATE_CHECK: "true",
};

/** Variables that put a person, a script or a test into a running sandbox. Vault must have been started once. */
export function personEnvironment(layout: Layout, path = process.env.PATH ?? ""): Record<string, string> {
  const others = path.split(delimiter).filter((folder) => folder !== layout.bin);
  return {
    PATH: [layout.bin, ...others].join(delimiter),
    VAULT_ADDR: layout.vault.address,
    VAULT_CACERT: layout.vault.ca,
    VAULT_TOKEN: readFileSync(layout.vault.rootToken, "utf8").trim(),
    KUBECONFIG: layout.kubernetes.kubeconfig,
    PULUMI_HOME: layout.pulumi.home,
    PULUMI_BACKEND_URL: `file://${layout.pulumi.state}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: layout.pulumi.passphrase,
    DEPLOY_REPO_URL: layout.git.url,
    ...ENGINE,
  };
}

/** The whole environment for a program that is run inside the sandbox. */
export function insideSandbox(layout: Layout): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !MISLEADING.includes(name));
  return { ...Object.fromEntries(own), ...personEnvironment(layout) };
}

/** The same as lines for a POSIX shell. */
export function shellLines(variables: Readonly<Record<string, string>>): string[] {
  const quote = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;
  return [
    `unset ${MISLEADING.join(" ")}`,
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`),
  ];
}
