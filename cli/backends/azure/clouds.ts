/** Where a vault's host belongs to. */
export interface VaultHost {
  /** What a token has to be for, such as `https://vault.azure.net`: the suffix of the host, never what a server says. */
  readonly resource: string;
  readonly cloud: Cloud;
}

export interface Cloud {
  readonly name: string;
  /** Origin of its Entra ID. */
  readonly authority: string;
  /** Origin of its Resource Manager. */
  readonly resourceManager: string;
  readonly suffixes: readonly string[];
}

/** Key Vault and Managed HSM of every cloud that there is. No other host ever sees a token. */
const CLOUDS: readonly Cloud[] = [
  {
    name: "Azure",
    authority: "https://login.microsoftonline.com",
    resourceManager: "https://management.azure.com",
    suffixes: ["vault.azure.net", "managedhsm.azure.net"],
  },
  {
    name: "Azure in China",
    authority: "https://login.chinacloudapi.cn",
    resourceManager: "https://management.chinacloudapi.cn",
    suffixes: ["vault.azure.cn", "managedhsm.azure.cn"],
  },
  {
    name: "Azure for the US government",
    authority: "https://login.microsoftonline.us",
    resourceManager: "https://management.usgovcloudapi.net",
    suffixes: ["vault.usgovcloudapi.net", "managedhsm.usgovcloudapi.net"],
  },
];

export const PUBLIC_AUTHORITY = "https://login.microsoftonline.com";

/** Undefined for any host that is not a vault's own: one label before a known suffix. */
export function vaultHost(host: string): VaultHost | undefined {
  const [, suffix] = /^[a-z0-9-]{1,63}\.(.+)$/.exec(host.toLowerCase()) ?? [];
  const cloud = CLOUDS.find(({ suffixes }) => suffix !== undefined && suffixes.includes(suffix));
  return cloud && { resource: `https://${suffix}`, cloud };
}

/** The cloud of an origin of Entra ID; undefined for a private one. */
export function cloudOf(authority: string): Cloud | undefined {
  return CLOUDS.find((cloud) => cloud.authority === authority);
}
