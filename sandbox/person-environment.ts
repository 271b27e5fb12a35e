import { readFileSync } from "node:fs";
import { delimiter } from "node:path";
import { azurePerson } from "./servers/azure-environment";
import type { Layout } from "./servers/layout";

/** Variables that would lead a tool away from the sandbox. */
const MISLEADING = [
  "VAULT_NAMESPACE",
  "VAULT_SKIP_VERIFY",
  "VAULT_CAPATH",
  "VAULT_TLS_SERVER_NAME",
  "PULUMI_CONFIG_PASSPHRASE",
  "PULUMI_STACK",
  "GITLAB_BASE_URL",
  "GITLAB_CONFIG_FILE",
  // Each of these gives sops keys or servers beside those of `.sops.yaml`.
  "SOPS_CONFIG",
  "SOPS_HC_VAULT_ALLOWLIST",
  "SOPS_VAULT_URIS",
  "SOPS_AGE_RECIPIENTS",
  "SOPS_KMS_ARN",
  "SOPS_GCP_KMS_IDS",
  "SOPS_AZURE_KEYVAULT_URLS",
  "SOPS_PGP_FP",
  // Each of these is another way to log in to Azure, or another cloud of it.
  "ARM_USE_OIDC",
  "ARM_USE_MSI",
  "ARM_USE_CLI",
  "ARM_OIDC_TOKEN",
  "ARM_OIDC_TOKEN_FILE_PATH",
  "ARM_CLIENT_CERTIFICATE_PATH",
  "ARM_ENVIRONMENT",
  "AZURE_ENVIRONMENT",
  "AZURE_AUTHORITY_HOST",
  "AZURE_FEDERATED_TOKEN_FILE",
  "AZURE_CLIENT_CERTIFICATE_PATH",
  "AZURE_USERNAME",
  "AZURE_PASSWORD",
  "AZURE_ID_TOKEN",
  "GIT_DIR",
  "GIT_WORK_TREE",
];

type Variables = Readonly<Record<string, string | undefined>>;

/** The engine needs nothing from the internet, so it need not try. */
const ENGINE = {
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  PULUMI_SKIP_UPDATE_CHECK: "true",
};

/**
 * Variables that put a person, a script or a test into a running sandbox. Vault must have been started once.
 *
 * @param own variables that the person has already: PATH and the exceptions from a proxy are added to.
 */
export function personEnvironment(layout: Layout, own: Variables = process.env): Record<string, string> {
  const noProxy = withoutProxy(own);
  const others = (own.PATH ?? "").split(delimiter).filter((folder) => folder !== layout.bin);
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
    GITLAB_URL: layout.gitlab.address,
    GITLAB_CA: layout.gitlab.ca,
    GITLAB_TOKEN: readFileSync(layout.gitlab.botToken, "utf8").trim(),
    // Both spellings: some tools read the one, some the other.
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    ...azurePerson(layout),
    ...ENGINE,
  };
}

function withoutProxy({ NO_PROXY, no_proxy }: Variables): string {
  const known = (NO_PROXY || no_proxy || "").split(",").filter((host) => host !== "");
  return [...new Set([...known, "127.0.0.1", "localhost"])].join(",");
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
