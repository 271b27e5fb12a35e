import * as z from "zod";
import { isProduction, productionStacks } from "../limits";
import { isVaultsId, KEY_VAULT, PRIVATE_ENDPOINT, settingsOf } from "../reading/azure";
import { checkov, cisAzure } from "../references";
import { stackRule } from "../rule";
import type { Reader } from "../values/reader";
import type { Subject } from "../values/subject";

export const rule = stackRule({
  name: "azure-key-vault-private-endpoint",
  title: "In production a key vault is reached by a private endpoint",
  why: "The internet's way to the keys of production is one that nobody needs.",
  remedy: "Declare a `PrivateEndpoint` for the vault and set `publicNetworkAccess` to Disabled.",
  severity: "medium",
  references: [checkov("CKV2_AZURE_32"), cisAzure("8.7")],
  types: [KEY_VAULT],
  limits: z.strictObject({ productionStacks }),
  *check(vault, stack, { productionStacks }) {
    if (!isProduction(vault, productionStacks)) return;
    const connections = stack.ofType(PRIVATE_ENDPOINT).flatMap(connectionsOf);
    if (!connections.some((each) => isVaultsId(each.text("privateLinkServiceId") ?? "", vault)))
      yield "is a vault of production that no private endpoint leads to; declare one";
    if (settingsOf(vault).text("publicNetworkAccess")?.toLowerCase() !== "disabled")
      yield "is a vault of production that answers the internet; set publicNetworkAccess to Disabled";
  },
});

function connectionsOf(endpoint: Subject): readonly Reader[] {
  return [
    ...endpoint.list("privateLinkServiceConnections"),
    ...endpoint.list("manualPrivateLinkServiceConnections"),
  ];
}
