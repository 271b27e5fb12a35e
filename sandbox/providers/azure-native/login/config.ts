import type { InputFailure, PlainMap, PlainValue } from "../../engine/resource-type";
import { cloudNamed } from "./clouds";

type Environment = Readonly<Record<string, string | undefined>>;

/** Config properties of the official provider with the variables that it reads where they are not set. */
const VARIABLES = {
  auxiliaryTenantIds: "ARM_AUXILIARY_TENANT_IDS",
  clientCertificatePassword: "ARM_CLIENT_CERTIFICATE_PASSWORD",
  clientCertificatePath: "ARM_CLIENT_CERTIFICATE_PATH",
  clientId: "ARM_CLIENT_ID",
  clientSecret: "ARM_CLIENT_SECRET",
  disableInstanceDiscovery: "ARM_DISABLE_INSTANCE_DISCOVERY",
  disablePulumiPartnerId: "ARM_DISABLE_PULUMI_PARTNER_ID",
  environment: "ARM_ENVIRONMENT",
  metadataHost: "ARM_METADATA_HOSTNAME",
  msiEndpoint: "ARM_MSI_ENDPOINT",
  oidcRequestToken: "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  oidcRequestUrl: "ACTIONS_ID_TOKEN_REQUEST_URL",
  oidcToken: "ARM_OIDC_TOKEN",
  oidcTokenFilePath: "ARM_OIDC_TOKEN_FILE_PATH",
  partnerId: "ARM_PARTNER_ID",
  subscriptionId: "ARM_SUBSCRIPTION_ID",
  tenantId: "ARM_TENANT_ID",
  useDefaultAzureCredential: "ARM_USE_DEFAULT_AZURE_CREDENTIAL",
  useMsi: "ARM_USE_MSI",
  useOidc: "ARM_USE_OIDC",
} as const;

export type ConfigKey = keyof typeof VARIABLES;

/** Ways to log in that only the official provider has. */
const OTHER_WAYS: readonly ConfigKey[] = [
  "auxiliaryTenantIds",
  "clientCertificatePassword",
  "clientCertificatePath",
  "msiEndpoint",
  "useDefaultAzureCredential",
  "useMsi",
];

export const CONFIG_KEYS: readonly string[] = [...Object.keys(VARIABLES), "location"];
export const SECRET_CONFIG_KEYS = [
  "clientCertificatePassword",
  "clientSecret",
  "oidcRequestToken",
  "oidcToken",
];
/** Those that are no text. */
export const JSON_CONFIG_KEYS = [
  "auxiliaryTenantIds",
  "disableInstanceDiscovery",
  "disablePulumiPartnerId",
  "useDefaultAzureCredential",
  "useMsi",
  "useOidc",
];

export const WAYS = "the stand-in logs in by client secret or by OIDC token alone";

/** What of a provider's config the stand-in cannot do, by name. */
export function configFailures(config: PlainMap): InputFailure[] {
  const other = OTHER_WAYS.filter((key) => isSet(config[key])).map((path) => ({
    path,
    reason: `${path} is not supported: ${WAYS}`,
  }));
  const { environment } = config;
  if (typeof environment !== "string" || environment === "" || cloudNamed(environment) !== undefined)
    return other;
  const reason = `environment must be public, usgovernment or china, not "${environment}"`;
  return [...other, { path: "environment", reason }];
}

/** A provider's config, with the environment behind it. */
export class Config {
  constructor(
    private readonly config: PlainMap,
    private readonly environment: Environment,
  ) {}

  get(key: ConfigKey): string | undefined {
    return textOf(this.config[key]) ?? this.variable(VARIABLES[key]);
  }

  /** Throws one line that says where to set it when it is not set. */
  needed(key: ConfigKey): string {
    const value = this.get(key);
    if (value !== undefined) return value;
    throw new Error(`azure-native provider: no ${key}; set ${VARIABLES[key]}, or azure-native:${key}`);
  }

  /** What only the config says. */
  own(key: string): string | undefined {
    return textOf(this.config[key]);
  }

  /** What only the environment says. */
  variable(name: string): string | undefined {
    return textOf(this.environment[name]);
  }
}

function textOf(value: PlainValue | undefined): string | undefined {
  if (typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isSet(value: PlainValue | undefined): boolean {
  return value !== undefined && value !== null && value !== "" && value !== false;
}
