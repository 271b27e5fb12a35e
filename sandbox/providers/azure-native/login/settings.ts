import { readFileSync } from "node:fs";
import type { PlainMap } from "../../engine/resource-type";
import { type Cloud, cloudNamed } from "./clouds";
import { Config, configFailures } from "./config";
import { type Proof, proofOf } from "./proof";

export interface Settings {
  /** Or the host that tells what the cloud is. */
  readonly cloud: Cloud | URL;
  readonly tenantId: string;
  readonly clientId: string;
  readonly subscriptionId: string;
  readonly proof: Proof;
  /** Where a resource goes whose program says nothing. */
  readonly location: string | undefined;
  /** PEM of the CAs to believe instead of those that Node knows. */
  readonly ca: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a provider's config, and from the environment what it leaves open. Throws one line on what is missing or wrong. */
export function settingsOf(given: PlainMap, environment: Environment): Settings {
  const [failure] = configFailures(given);
  if (failure !== undefined) throw new Error(`azure-native provider: ${failure.reason}`);
  const config = new Config(given, environment);
  return {
    cloud: cloudOf(config),
    subscriptionId: config.needed("subscriptionId"),
    tenantId: config.needed("tenantId"),
    clientId: config.needed("clientId"),
    proof: proofOf(config),
    location: config.own("location"),
    ca: certificatesIn(config.variable("SSL_CERT_FILE")),
  };
}

function cloudOf(config: Config): Cloud | URL {
  const host = config.get("metadataHost");
  if (host === undefined) {
    const name = config.get("environment") ?? config.variable("AZURE_ENVIRONMENT") ?? "public";
    const cloud = cloudNamed(name);
    if (cloud !== undefined) return cloud;
    throw new Error(
      `azure-native provider: there is no cloud "${name}"; it is public, usgovernment or china`,
    );
  }
  const address = host.includes("://") ? host : `https://${host}`;
  if (!URL.canParse(address)) throw new Error(`azure-native provider: metadataHost is no host name: ${host}`);
  return new URL(address);
}

/** The official provider is a Go program, and Go believes the CAs of this file instead of the system's. */
function certificatesIn(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`azure-native provider: cannot read SSL_CERT_FILE ${file}: ${code}`);
  }
}
