import { setTimeout as sleep } from "node:timers/promises";
import type { FederatedIdentityCredential, Identity, ManagedServiceIdentityClient } from "@azure/arm-msi";
import { listAt, textAt } from "../../json";
import { badRequest, conflict } from "../arm-refusal";
import { type ClientOptions, OfficialModel } from "../official-model";
import { keyOf } from "../resource-id";
import type { ResourceType, WriteAsk } from "../resource-type";

const VERSIONS = [
  "2018-11-30",
  "2022-01-31-preview",
  "2023-01-31",
  "2023-07-31-preview",
  "2024-11-30",
  "2025-01-31-preview",
];
const MOST_CREDENTIALS = 20;
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9-_]{2,119}$/;
/** How long a write of a credential takes. */
const WRITE_MS = 100;

async function client({ credential, options }: ClientOptions): Promise<ManagedServiceIdentityClient> {
  const { ManagedServiceIdentityClient: Client } = await import("@azure/arm-msi");
  return new Client(credential, "none", options);
}

export const userAssignedIdentities: ResourceType = {
  name: "Microsoft.ManagedIdentity/userAssignedIdentities",
  apiVersions: VERSIONS,
  tracked: true,
  model: new OfficialModel<ManagedServiceIdentityClient, Identity>({
    client,
    read: (one) => one.userAssignedIdentities.get("group", "identity"),
    write: (one, model) => one.userAssignedIdentities.createOrUpdate("group", "identity", model),
  }),
  settle: ({ core, id, existing }) => {
    if (existing) return;
    const about = { displayName: id.name, kind: "ManagedIdentity", resourceId: id.text } as const;
    core.directory.addPrincipal({ appId: crypto.randomUUID(), ...about });
  },
  show: ({ directory, tokens }, { id, body }) => {
    const principal = directory.principalOfResource(id);
    const ids = { principalId: principal?.id ?? "", clientId: principal?.appId ?? "" };
    return { ...body, properties: { tenantId: tokens.tenantId, ...ids } };
  },
};

const writing = new Set<string>();

export const federatedCredentials: ResourceType = {
  name: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
  apiVersions: VERSIONS,
  model: new OfficialModel<ManagedServiceIdentityClient, FederatedIdentityCredential>({
    client,
    read: (one) => one.federatedIdentityCredentials.get("group", "identity", "credential"),
    write: (one, model) =>
      one.federatedIdentityCredentials.createOrUpdate("group", "identity", "credential", model),
  }),
  /** Two writes under one identity at the same time are refused, as in Azure. */
  prepare: async (ask) => {
    const identity = keyOf(ask.id.scope);
    if (writing.has(identity))
      throw conflict(
        "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
        `Too many Federated Identity Credentials are written concurrently for the managed identity '${identity}'. ` +
          "Concurrent Federated Identity Credentials writes under the same managed identity are not supported.",
      );
    checkCredential(ask);
    writing.add(identity);
    try {
      await sleep(WRITE_MS);
    } finally {
      writing.delete(identity);
    }
    return { body: ask.body, hidden: {} };
  },
};

function checkCredential({ core, id, body }: WriteAsk): void {
  if (!NAME.test(id.name))
    throw badRequest(`The name '${id.name}' of the federated identity credential is invalid.`);
  const issuer = textAt(body, "properties", "issuer") ?? "";
  const subject = textAt(body, "properties", "subject") ?? "";
  const audiences = listAt(body, "properties", "audiences");
  if (!URL.canParse(issuer) || new URL(issuer).protocol !== "https:")
    throw badRequest(`The issuer '${issuer}' of the federated identity credential is not an HTTPS URL.`);
  if (subject === "") throw badRequest("The subject of the federated identity credential is missing.");
  if (audiences.length !== 1)
    throw badRequest("The federated identity credential has to have exactly one audience.");
  const others = core.resources
    .childrenOf(id.scope, "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials")
    .filter((one) => keyOf(one.id) !== keyOf(id.text));
  if (others.length >= MOST_CREDENTIALS)
    throw badRequest(
      `Too many Federated Identity Credentials have been configured on the managed identity. The limit is ${MOST_CREDENTIALS}.`,
    );
  const twin = others.some(
    (one) =>
      textAt(one.body, "properties", "issuer") === issuer &&
      textAt(one.body, "properties", "subject") === subject,
  );
  if (twin)
    throw conflict("Conflict", "Issuer and subject combination already exists for this Managed Identity.");
}
