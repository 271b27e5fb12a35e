import { unknownProperties } from "../engine/known-names";
import type { PlainMap, ReadFunction } from "../engine/resource-type";
import type { Azure } from "./azure";

/** The data sources about whoever deploys, by their tokens. */
export const DEPLOYER_FUNCTIONS: ReadonlyMap<string, ReadFunction<Azure>> = new Map([
  ["azure-native:authorization:getClientConfig", readClientConfig],
  ["azure-native:authorization:getClientToken", readClientToken],
]);

/** Who the deployer is, by its token: what the token does not say, the config does. */
async function readClientConfig(azure: Azure, args: PlainMap): Promise<PlainMap> {
  refuseUnknown(args, []);
  const { arm, clientId, tenantId, subscriptionId } = azure;
  const { appid, azp, oid, tid } = await arm.claims();
  if (typeof oid !== "string") throw new Error("Entra's token for the deployer names no object id (oid)");
  return { clientId: appid ?? azp ?? clientId, objectId: oid, subscriptionId, tenantId: tid ?? tenantId };
}

/** A token of the deployer's own, for ARM or for another service of Azure: `endpoint` is the URL that its tokens are for. */
async function readClientToken(azure: Azure, args: PlainMap): Promise<PlainMap> {
  refuseUnknown(args, ["endpoint"]);
  const { endpoint } = args;
  if (endpoint === undefined || endpoint === null || endpoint === "")
    return { token: await azure.arm.token() };
  if (typeof endpoint !== "string") throw new Error("endpoint must be a string");
  return { token: await azure.arm.token(endpoint) };
}

function refuseUnknown(args: PlainMap, known: readonly string[]): void {
  const [failure] = unknownProperties(args, known, "a look-up of the deployer");
  if (failure !== undefined) throw new Error(failure.reason);
}
