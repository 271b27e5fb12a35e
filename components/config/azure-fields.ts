import { isIPv4 } from "node:net";
import { z } from "zod";
import { expected, matching, parsed } from "./fields";
import { ConfigProblem, describe } from "./problems";

const GUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/** Of a subscription, a tenant, an application: in lower case, as Azure writes them. */
export const guid = (what: string) =>
  matching(new RegExp(`^${GUID}$`), `${what}, such as 00000000-0000-0000-0000-000000000000 in lower case`);

/** A region's short name, as `az account list-locations` has it. */
export const location = matching(/^[a-z]{2,30}\d{0,2}$/, "an Azure region such as westeurope");

export const resourceGroupName = matching(
  /^[\w.()-]{0,89}[\w()-]$/,
  "the name of a resource group: letters, digits and ._()-, at most 90, no dot at the end",
);

/** First part of the names of identities, roles and topics. They go into one resource group and one tenant. */
export const prefix = matching(
  /^[a-z]([a-z0-9-]{0,22}[a-z0-9])?$/,
  "lower-case letters, digits and dashes, at most 24, such as sops-prod",
);

/** Key Vault's own rule, in lower case: sops compares the address that the name becomes. */
export const vaultName = matching(
  /^(?!.*--)[a-z][a-z0-9-]{1,22}[a-z0-9]$/,
  "3 to 24 lower-case letters, digits and single dashes, a letter first, such as kv-sops-prod",
);

export const storageAccountName = matching(
  /^[a-z0-9]{3,24}$/,
  "3 to 24 lower-case letters and digits, such as stsopsprod",
);

/** It becomes a host name of azurewebsites.net. */
export const functionAppName = matching(
  /^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])$/,
  "2 to 60 lower-case letters, digits and dashes, such as func-sops-prod",
);

export const azureKeyName = matching(
  /^[0-9A-Za-z-]{1,127}$/,
  "a key's name: letters, digits and dashes, at most 127, such as sops",
);

function resourceId(provider: string, types: readonly string[]): RegExp {
  const path = types.map((type) => `${type}/[^/]+`).join("/");
  return new RegExp(`^/subscriptions/${GUID}/resourceGroups/[^/]+/providers/${provider}/${path}$`, "i");
}

const example = (provider: string, path: string) =>
  `/subscriptions/<id>/resourceGroups/<name>/providers/${provider}/${path}`;

export const subnetId = matching(
  resourceId("Microsoft\\.Network", ["virtualNetworks", "subnets"]),
  `a subnet's id, ${example("Microsoft.Network", "virtualNetworks/<name>/subnets/<name>")}`,
);

export const vaultDnsZoneId = matching(
  new RegExp(
    resourceId("Microsoft\\.Network", ["privateDnsZones"]).source.replace(
      /\[\^\/]\+\$$/,
      "privatelink\\.vaultcore\\.azure\\.net$",
    ),
    "i",
  ),
  `the id of the zone that vaults are found in, ${example("Microsoft.Network", "privateDnsZones/privatelink.vaultcore.azure.net")}`,
);

export const workspaceId = matching(
  resourceId("Microsoft\\.OperationalInsights", ["workspaces"]),
  `a Log Analytics workspace's id, ${example("Microsoft.OperationalInsights", "workspaces/<name>")}`,
);

const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|127\.|169\.254\.)/;
/** Storage accounts take no smaller range, and both get the same list. */
const SMALLEST_RANGE = 30;

/** What a firewall of Azure's takes: a public IPv4 address, or a range of them. */
const publicAddress = parsed("a public IPv4 address or range such as 203.0.113.0/24", (value) => {
  const [address = "", bits, ...rest] = value.split("/");
  const length = bits === undefined ? SMALLEST_RANGE : Number(bits);
  if (!isIPv4(address) || rest.length > 0 || (bits !== undefined && !/^\d{1,2}$/.test(bits)) || length > 32)
    throw new ConfigProblem(
      `is ${describe(value)}; set it to a public IPv4 address or range such as 203.0.113.0/24`,
    );
  if (length === 0)
    throw new ConfigProblem("is everybody; name the addresses of cluster, runners and deployer");
  if (length > SMALLEST_RANGE)
    throw new ConfigProblem(
      `is ${describe(value)}, a smaller range than Azure takes; name each address by itself`,
    );
  if (PRIVATE.test(address))
    throw new ConfigProblem(
      `is ${describe(value)}, which is private and never seen by Azure; use allowedSubnets or a privateEndpoint`,
    );
  return value;
});

/** Who a firewall lets in by their public addresses. */
export const publicAddresses = z
  .array(publicAddress, { error: expected("a list of public IPv4 addresses or ranges") })
  .default([]);

/** Who it lets in by their subnets. */
export const subnetIds = z.array(subnetId, { error: expected("a list of subnets' ids") }).default([]);

const DAY_EXAMPLE = "2027-06-30";

/** A day without quotes is a date in YAML, which the engine hands over with a time. */
const WRITTEN_DAY = /^(\d{4}-\d{2}-\d{2})(?: 00:00:00 \+0000 UTC)?$/;

/** A day, as seconds since 1970 where it begins in UTC. */
export const day = parsed(`a day such as ${DAY_EXAMPLE}`, (value) => {
  const [, text = ""] = WRITTEN_DAY.exec(value) ?? [];
  const time = Date.parse(`${text}T00:00:00Z`);
  // Some readers make the 1st of March of the 30th of February.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(text))
    throw new ConfigProblem(`is ${describe(value)}; set it to a day such as ${DAY_EXAMPLE}`);
  return time / 1000;
});
