import { fullAzure, NODES, SUBNET, smallestAzure } from "../../azure/sample";
import { CERTIFICATE } from "../sample";
import type { BadConfig } from "./bad-config";

const GITLAB = { address: "https://gitlab.example.com", project: "platform/deploy" };
const APP = { name: "func-sops-prod", subnetId: SUBNET, storageAccount: "stsopsprod" };
const relay = (about: object, line: string): BadConfig => [
  { gitlab: GITLAB, azure: smallestAzure({ relay: { ...APP, ...about } }) },
  line,
];
const readToken = (about: object, line: string): BadConfig => [{ ...relay({}, "")[0], ...about }, line];

const READER =
  "set it to a project access token of the deploy project with the role Reporter and the scope read_api";
const NO_GUID = "such as 00000000-0000-0000-0000-000000000000 in lower case";

/** `azure.relay`, but for its deployment, and `relayReadToken`. */
export const AZURE_RELAY: readonly BadConfig[] = [
  [
    { azure: fullAzure() },
    "sopsloop:azure.relay: is set, but there is no GitLab whose pipelines it could start; add sopsloop:gitlab, or remove relay",
  ],
  relay(
    { name: undefined },
    "sopsloop:azure.relay: needs name and subnetId for a function app of its own, deployment and url for the cluster, or url alone for a relay that runs elsewhere",
  ),
  relay(
    { url: "https://relay.example.com" },
    "sopsloop:azure.relay: has url, and name or subnetId; remove url, or both of the others",
  ),
  relay(
    { name: "func_sops" },
    'sopsloop:azure.relay.name: is "func_sops"; set it to 2 to 60 lower-case letters, digits and dashes, such as func-sops-prod',
  ),
  relay(
    { storageAccount: "st-sops" },
    'sopsloop:azure.relay.storageAccount: is "st-sops"; set it to 3 to 24 lower-case letters and digits, such as stsopsprod',
  ),
  relay(
    { name: undefined, subnetId: undefined, url: "http://relay.example.com" },
    "sopsloop:azure.relay.url: is plain http to relay.example.com; use https (http is only for a loopback address)",
  ),
  relay(
    { vault: "wue" },
    'sopsloop:azure.relay.vault: is "wue", which is not under azure.vaults; did you mean weu?',
  ),
  relay(
    { secretsExpire: "2027-02-30" },
    'sopsloop:azure.relay.secretsExpire: is "2027-02-30"; set it to a day such as 2027-06-30',
  ),
  relay(
    { secretsExpire: 2027 },
    "sopsloop:azure.relay.secretsExpire: is the number 2027; set it to a day such as 2027-06-30",
  ),
  relay(
    { entraApplication: 1 },
    "sopsloop:azure.relay.entraApplication: is the number 1; set it to the id or URI of the application that stands for the relay in Entra ID",
  ),
  relay(
    { allowedIps: "203.0.113.7" },
    'sopsloop:azure.relay.allowedIps: is "203.0.113.7"; set it to a list of public IPv4 addresses or ranges',
  ),
  relay(
    { allowedIps: ["10.1.2.3"] },
    'sopsloop:azure.relay.allowedIps[0]: is "10.1.2.3", which is private and never seen by Azure; use allowedSubnets or a privateEndpoint',
  ),
  relay(
    { allowedSubnets: ["runners"] },
    'sopsloop:azure.relay.allowedSubnets[0]: is "runners"; set it to a subnet\'s id, /subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.Network/virtualNetworks/<name>/subnets/<name>',
  ),
  [
    {
      gitlab: GITLAB,
      azure: smallestAzure({
        network: {},
        vaults: { weu: { name: "kv-sops-prod-weu", privateEndpoint: { subnetId: NODES } } },
        relay: APP,
      }),
    },
    "sopsloop:azure.relay.allowedIps: is missing, and the app's code could not be uploaded to the storage account, which lets nobody in who is not named; set it to the deployer's public address, or azure.relay.allowedSubnets to its subnet",
  ],
  [
    { gitlab: { ...GITLAB, ca: { pem: CERTIFICATE } }, azure: smallestAzure({ relay: APP }) },
    "sopsloop:gitlab.ca: is set, but the relay as a function app trusts public CAs only; use azure.relay.deployment instead of name and subnetId, or remove ca if GitLab's certificate is a public CA's",
  ],
  relay(
    { replayers: ["the-operators"], entraApplication: "api://sopsloop-relay" },
    `sopsloop:azure.relay.replayers[0]: is "the-operators"; set it to an application's (client) id, ${NO_GUID}`,
  ),
  relay(
    { replayers: ["33333333-3333-3333-3333-333333333333"] },
    "sopsloop:azure.relay.replayers: is set, but without entraApplication the relay asks for no token; whoever has its secret may replay, so remove replayers",
  ),
  relay({ secretIn: "query" }, 'sopsloop:azure.relay.secretIn: is "query"; set it to one of header, address'),
  relay(
    { secretIn: "header", entraApplication: "api://sopsloop-relay" },
    "sopsloop:azure.relay.secretIn: is set, but with entraApplication Event Grid shows a token and no secret; remove secretIn",
  ),
  readToken(
    { relayReadToken: `glptt-${"x".repeat(20)}` },
    `sopsloop:relayReadToken: is a pipeline trigger token, which reads nothing; ${READER}`,
  ),
  readToken(
    { relayReadToken: "two words" },
    `sopsloop:relayReadToken: is no token: shorter than 8 characters, or with blanks in it; ${READER}`,
  ),
  readToken(
    { relayReadToken: `glpat-${"x".repeat(20)}`, azure: smallestAzure() },
    "sopsloop:relayReadToken: is set, but nothing uses it; add azure.relay or run pulumi config rm sopsloop:relayReadToken",
  ),
];
