import { randomBytes, randomUUID } from "node:crypto";

export const VAULT = "kv-sops-prod";
export const KEY = "sops";
export const SUBSCRIPTION = "sops-key-rotated";
export const TOPIC = `/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${VAULT}`;
export const NEW_VERSION = "Microsoft.KeyVault.KeyNewVersionCreated";

export function newVersion(): string {
  return randomBytes(16).toString("hex");
}

/** The data of a Key Vault event as it really comes: names begin with a capital. */
export function keyData(version = newVersion(), { vault = VAULT, key = KEY } = {}) {
  return {
    Id: `https://${vault}.vault.azure.net/keys/${key}/${version}`,
    ...{
      VaultName: vault,
      ObjectType: "Key",
      ObjectName: key,
      Version: version,
      NBF: null,
      EXP: 1_796_083_200,
    },
  };
}

/** An event of the Event Grid schema. */
export function keyEvent(version = newVersion(), different: object = {}) {
  return {
    ...{ id: randomUUID(), topic: TOPIC, subject: KEY, eventType: NEW_VERSION },
    ...{ eventTime: "2026-11-25T12:00:00Z", data: keyData(version), dataVersion: "1", metadataVersion: "1" },
    ...different,
  };
}

/** The same as a CloudEvent. */
export function cloudEvent(version = newVersion(), different: object = {}) {
  return {
    ...{ id: randomUUID(), source: TOPIC, subject: KEY, type: NEW_VERSION, specversion: "1.0" },
    ...{ time: "2026-11-25T12:00:00Z", data: keyData(version) },
    ...different,
  };
}

/** The handshake of the Event Grid schema. */
export function validationEvent(code: unknown = "512d38b6-c7b8-40c8-89fe-f46f9e9622b6") {
  return {
    ...{ id: randomUUID(), topic: TOPIC, subject: "", eventTime: "2026-11-25T12:00:00Z" },
    eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
    data: {
      validationCode: code,
      validationUrl: "https://rp-westeurope.eventgrid.azure.net:553/eventsubscriptions",
    },
    ...{ dataVersion: "2", metadataVersion: "1" },
  };
}
