import type { PlainMap, PlainValue } from "../../engine/resource-type";
import { isList, isMap } from "../../engine/wire";

/** Where one of Azure's clouds has its services. */
export interface Cloud {
  /** Entra, with a slash at the end. */
  readonly login: string;
  /** ARM, without one. */
  readonly resourceManager: string;
  /** What ARM's tokens are for. */
  readonly audience: string;
  /** Vaults are below this name: `vault.azure.net`. */
  readonly keyVaultDns: string;
  /** Storage accounts are below this name: `core.windows.net`. */
  readonly storage: string;
}

const PUBLIC: Cloud = {
  login: "https://login.microsoftonline.com/",
  resourceManager: "https://management.azure.com",
  audience: "https://management.azure.com",
  keyVaultDns: "vault.azure.net",
  storage: "core.windows.net",
};

const US_GOVERNMENT: Cloud = {
  login: "https://login.microsoftonline.us/",
  resourceManager: "https://management.usgovcloudapi.net",
  audience: "https://management.usgovcloudapi.net",
  keyVaultDns: "vault.usgovcloudapi.net",
  storage: "core.usgovcloudapi.net",
};

const CHINA: Cloud = {
  login: "https://login.chinacloudapi.cn/",
  resourceManager: "https://management.chinacloudapi.cn",
  audience: "https://management.chinacloudapi.cn",
  keyVaultDns: "vault.azure.cn",
  storage: "core.chinacloudapi.cn",
};

/** The names that the official provider takes. */
const BY_NAME: Readonly<Record<string, Cloud>> = {
  public: PUBLIC,
  azurecloud: PUBLIC,
  usgov: US_GOVERNMENT,
  usgovernment: US_GOVERNMENT,
  azureusgovernment: US_GOVERNMENT,
  azureusgovernmentcloud: US_GOVERNMENT,
  china: CHINA,
  azurechinacloud: CHINA,
};

/** A cloud by its name; undefined when there is none of that name. */
export function cloudNamed(name: string): Cloud | undefined {
  return BY_NAME[name.toLowerCase()];
}

/** What a metadata host says of its cloud. Throws one line that names what is missing. */
export function cloudIn(metadata: PlainMap, host: string): Cloud {
  const authentication = isMap(metadata.authentication) ? metadata.authentication : {};
  const suffixes = isMap(metadata.suffixes) ? metadata.suffixes : {};
  const audiences = isList(authentication.audiences) ? authentication.audiences : [];
  const needed = (value: PlainValue | undefined, name: string): string => {
    if (typeof value === "string" && value !== "") return value;
    throw new Error(`the metadata of ${host} have no ${name}`);
  };
  return {
    login: needed(authentication.loginEndpoint, "authentication.loginEndpoint").replace(/\/*$/, "/"),
    resourceManager: needed(metadata.resourceManager, "resourceManager").replace(/\/+$/, ""),
    audience: needed(audiences[0], "authentication.audiences").replace(/\/+$/, ""),
    keyVaultDns: needed(suffixes.keyVaultDns, "suffixes.keyVaultDns").replace(/^\./, ""),
    storage: needed(suffixes.storage, "suffixes.storage").replace(/^\./, ""),
  };
}
