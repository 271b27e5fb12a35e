import { NODES, smallestAzure } from "../../azure/sample";
import type { BadConfig } from "./bad-config";

const azure = (changes: object, line: string): BadConfig => [{ azure: smallestAzure(changes) }, line];
const key = (about: object, line: string): BadConfig => azure({ key: about }, line);
const rotation = (about: object, line: string): BadConfig => key({ rotation: about }, line);
const vault = (about: object, line: string): BadConfig =>
  azure({ vaults: { weu: { name: "kv-sops-prod-weu", ...about } } }, line);
const ip = (address: unknown, line: string): BadConfig => azure({ network: { allowedIps: [address] } }, line);
const NO_GUID = "such as 00000000-0000-0000-0000-000000000000 in lower case";
const ISO = "days, months or years in ISO 8601, such as P90D";
const ADDRESS = "a public IPv4 address or range such as 203.0.113.0/24";
const OTHER = { flux: { issuer: "https://oidc.example.com", identity: "webhook" } };

/** `azure`. */
export const AZURE: readonly BadConfig[] = [
  azure(
    { subscriptionId: "prod" },
    `sopsloop:azure.subscriptionId: is "prod"; set it to the subscription's id, ${NO_GUID}`,
  ),
  azure(
    { tenantId: undefined },
    `sopsloop:azure.tenantId: is missing; set it to the tenant's id, ${NO_GUID}`,
  ),
  azure(
    { location: "West Europe" },
    'sopsloop:azure.location: is "West Europe"; set it to an Azure region such as westeurope',
  ),
  azure(
    { resourceGroup: "rg." },
    'sopsloop:azure.resourceGroup: is "rg."; set it to the name of a resource group: letters, digits and ._()-, at most 90, no dot at the end',
  ),
  azure(
    { name: "Sops" },
    'sopsloop:azure.name: is "Sops"; set it to lower-case letters, digits and dashes, at most 24, such as sops-prod',
  ),
  azure({ tags: ["prod"] }, "sopsloop:azure.tags: is a list; set it to a map of tags"),
  azure({ tags: { env: 1 } }, "sopsloop:azure.tags.env: is the number 1; set it to text"),
  azure({ vault: {} }, "sopsloop:azure.vault: is not a known key; did you mean vaults?"),
  azure({ vaults: {} }, "sopsloop:azure.vaults: is empty; give at least one of vaults"),
  azure(
    { vaults: { a: { name: "kv-a" }, b: { name: "kv-b" }, c: { name: "kv-c" } } },
    "sopsloop:azure.vaults: has 3 vaults; keep one or two, either of which decrypts",
  ),
  azure(
    { vaults: { WEU: { name: "kv-a" } } },
    "sopsloop:azure.vaults.WEU: is not a usable name; use lower-case letters, digits and dashes",
  ),
  azure(
    { vaults: { a: { name: "kv-a" }, b: { name: "kv-a" } } },
    "sopsloop:azure.vaults.b.name: is kv-a, which a is already; give each vault a name of its own",
  ),
  vault(
    { name: "kv--prod" },
    'sopsloop:azure.vaults.weu.name: is "kv--prod"; set it to 3 to 24 lower-case letters, digits and single dashes, a letter first, such as kv-sops-prod',
  ),
  vault(
    { name: "kv-sops-of-a-very-long-name" },
    'sopsloop:azure.vaults.weu.name: is "kv-sops-of-a-very-long-name"; set it to 3 to 24 lower-case letters, digits and single dashes, a letter first, such as kv-sops-prod',
  ),
  vault(
    { recover: "yes" },
    'sopsloop:azure.vaults.weu.recover: is "yes"; set it to true or false (bring a deleted vault of that name back, with its keys)',
  ),
  vault(
    { privateEndpoint: { subnetId: "nodes" } },
    'sopsloop:azure.vaults.weu.privateEndpoint.subnetId: is "nodes"; set it to a subnet\'s id, /subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.Network/virtualNetworks/<name>/subnets/<name>',
  ),
  vault(
    { privateEndpoint: { subnetId: NODES, dnsZoneId: "vaultcore" } },
    'sopsloop:azure.vaults.weu.privateEndpoint.dnsZoneId: is "vaultcore"; set it to the id of the zone that vaults are found in, /subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net',
  ),
  azure(
    { network: {} },
    "sopsloop:azure.vaults.weu: can be reached from nowhere; set azure.network.allowedIps or allowedSubnets, or a privateEndpoint here",
  ),
  ip("cluster", `sopsloop:azure.network.allowedIps[0]: is "cluster"; set it to ${ADDRESS}`),
  ip("2001:db8::1", `sopsloop:azure.network.allowedIps[0]: is "2001:db8::1"; set it to ${ADDRESS}`),
  ip(
    "0.0.0.0/0",
    "sopsloop:azure.network.allowedIps[0]: is everybody; name the addresses of cluster, runners and deployer",
  ),
  ip(
    "203.0.113.4/31",
    'sopsloop:azure.network.allowedIps[0]: is "203.0.113.4/31", a smaller range than Azure takes; name each address by itself',
  ),
  ip(
    "10.0.0.0/16",
    'sopsloop:azure.network.allowedIps[0]: is "10.0.0.0/16", which is private and never seen by Azure; use allowedSubnets or a privateEndpoint',
  ),
  azure(
    { network: { allowedSubnets: ["nodes"] } },
    'sopsloop:azure.network.allowedSubnets[0]: is "nodes"; set it to a subnet\'s id, /subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.Network/virtualNetworks/<name>/subnets/<name>',
  ),
  azure(
    { diagnostics: { workspaceId: "logs" } },
    'sopsloop:azure.diagnostics.workspaceId: is "logs"; set it to a Log Analytics workspace\'s id, /subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.OperationalInsights/workspaces/<name>',
  ),
  key(
    { name: "sops_key" },
    'sopsloop:azure.key.name: is "sops_key"; set it to a key\'s name: letters, digits and dashes, at most 127, such as sops',
  ),
  key({ size: 1024 }, "sopsloop:azure.key.size: is the number 1024; set it to one of 2048, 3072, 4096"),
  key(
    { hsm: "RSA-HSM" },
    'sopsloop:azure.key.hsm: is "RSA-HSM"; set it to true or false (keep the key in a hardware security module)',
  ),
  rotation({ rotateAfter: "90d" }, `sopsloop:azure.key.rotation.rotateAfter: is "90d"; set it to ${ISO}`),
  rotation(
    { rotateAfter: 90 },
    `sopsloop:azure.key.rotation.rotateAfter: is the number 90; set it to ${ISO}, or never`,
  ),
  rotation({ rotateAfter: "P" }, `sopsloop:azure.key.rotation.rotateAfter: is "P"; set it to ${ISO}`),
  rotation(
    { rotateAfter: "P6D" },
    "sopsloop:azure.key.rotation.rotateAfter: is P6D; set it to at least P7D, Key Vault takes no less",
  ),
  rotation(
    { expiry: "P20D" },
    "sopsloop:azure.key.rotation.expiry: is P20D; set it to at least P28D, Key Vault takes no less",
  ),
  rotation(
    { rotateAfter: "P1Y", expiry: "P1Y" },
    "sopsloop:azure.key.rotation.rotateAfter: is P1Y, and versions expire after P1Y; Key Vault wants P7D between, so change one of them",
  ),
  rotation(
    { expiry: "P30D" },
    "sopsloop:azure.key.rotation.rotateAfter: is P90D, and versions expire after P30D; Key Vault wants P7D between, so change one of them",
  ),
  rotation(
    { notifyBeforeExpiry: "P3Y" },
    "sopsloop:azure.key.rotation.notifyBeforeExpiry: is P3Y, and versions expire after P2Y; Key Vault wants P7D between, so change one of them",
  ),
  rotation(
    { rotateAfter: "P90D", rotateBeforeExpiry: "P30D" },
    "sopsloop:azure.key.rotation.rotateBeforeExpiry: is set, and so is rotateAfter; give one of them",
  ),
  rotation(
    { rotateBeforeExpiry: "P30D", expiry: "never" },
    "sopsloop:azure.key.rotation.rotateBeforeExpiry: is set, but versions never expire; set expiry, or remove it",
  ),
  rotation(
    { notifyBeforeExpiry: "P30D", expiry: "never" },
    "sopsloop:azure.key.rotation.notifyBeforeExpiry: is set, but versions never expire; set expiry, or remove it",
  ),
  azure(
    { flux: {} },
    "sopsloop:azure.flux.issuer: is missing; set it to the issuer of the cluster's tokens (kubectl get --raw /.well-known/openid-configuration), which Entra ID has to reach",
  ),
  azure(
    { flux: { issuer: "http://127.0.0.1:8080" } },
    'sopsloop:azure.flux.issuer: is "http://127.0.0.1:8080"; set it to the cluster\'s issuer, an https URL that Entra ID can reach',
  ),
  azure(
    { flux: { issuer: "https://oidc.example.com", identity: "aks" } },
    'sopsloop:azure.flux.identity: is "aks"; set it to one of account, webhook, projected',
  ),
  [
    {
      azure: smallestAzure(OTHER),
      "flux.decryptors.default": { namespace: "apps", serviceAccount: "sops" },
    },
    "sopsloop:azure.flux.identity: is webhook, which is about kustomize-controller in flux-system, and that is none of flux.decryptors; remove it",
  ],
  [
    {
      azure: smallestAzure(),
      "flux.decryptors.default": { namespace: "apps", serviceAccount: "a".repeat(110) },
    },
    "sopsloop:flux.decryptors.default: is too long a name for an identity in Azure together with azure.name; at most 128 characters, so shorten the account's",
  ],
];
