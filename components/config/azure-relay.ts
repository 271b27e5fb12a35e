import { z } from "zod";
import { RELAY } from "../azure/relay-pod";
import { parseHttpUrl } from "./addresses";
import {
  day,
  functionAppName,
  guid,
  publicAddresses,
  storageAccountName,
  subnetId,
  subnetIds,
} from "./azure-fields";
import { expected, matching, namespaceName, objectName, oneOf, parsed, strict } from "./fields";

const EXAMPLE = "https://relay.example.com";

/** Namespace of a relay in the cluster whose config names none. */
export const DEFAULT_RELAY_NAMESPACE = RELAY;

const deployment = strict({
  image: matching(
    /^(?!.*:\/\/)[A-Za-z0-9][\w.:/@-]*$/,
    "a container image such as registry.example.com/platform/sopsloop:1.0.0",
  ),
  namespace: namespaceName.default(DEFAULT_RELAY_NAMESPACE),
  storageClass: objectName.optional(),
  claimsSize: matching(/^[1-9]\d*(Mi|Gi|Ti)$/, "a size such as 1Gi").default("1Gi"),
});

/** What differs by where the relay runs. */
const places = {
  name: functionAppName.optional(),
  subnetId: subnetId.optional(),
  package: z
    .string({ error: expected("a path relative to the project folder") })
    .min(1)
    .optional(),
  deployment: deployment.optional(),
  url: parsed("the URL that Event Grid reaches the relay at", (value) =>
    parseHttpUrl(value, EXAMPLE).replace(/\/+$/, ""),
  ).optional(),
};

/** `sopsloop:azure.relay`: where rotations are told, and what becomes of those that cannot be. */
export const relaySection = strict({
  ...places,
  storageAccount: storageAccountName,
  allowedIps: publicAddresses,
  allowedSubnets: subnetIds,
  vault: z.string({ error: expected("one of the keys under azure.vaults") }).optional(),
  secretsExpire: day.optional(),
  entraApplication: z
    .string({ error: expected("the id or URI of the application that stands for the relay in Entra ID") })
    .min(1)
    .optional(),
  replayers: z
    .array(guid("an application's (client) id"), { error: expected("a list of applications' (client) ids") })
    .default([]),
  secretIn: oneOf(["header", "address"]).optional(),
}).transform(({ name, subnetId: subnet, package: zip, url, deployment: pod, secretIn, ...all }, context) => {
  const rest = { ...all, secretIn: secretIn ?? ("header" as const) };
  const complain = (message: string, path: string[] = []) => {
    context.issues.push({ code: "custom", path, message, input: undefined });
    return z.NEVER;
  };
  if (all.replayers.length > 0 && all.entraApplication === undefined)
    return complain(
      "is set, but without entraApplication the relay asks for no token; whoever has its secret may replay, so remove replayers",
      ["replayers"],
    );
  if (secretIn !== undefined && all.entraApplication !== undefined)
    return complain(
      "is set, but with entraApplication Event Grid shows a token and no secret; remove secretIn",
      ["secretIn"],
    );
  if (pod !== undefined) {
    const app = Object.entries({ name, subnetId: subnet, package: zip });
    const given = app.flatMap(([key, value]) => (value === undefined ? [] : [key]));
    if (given.length > 0)
      return complain(
        `has deployment, and ${given.join(" and ")} of a function app; remove deployment, or ${given.join(" and ")}`,
      );
    if (url === undefined)
      return complain(
        `is missing; with deployment set it to the https address under which your ingress leads to the Service ${RELAY}, such as ${EXAMPLE}`,
        ["url"],
      );
    return { ...rest, url, deployment: pod };
  }
  if (url !== undefined && name === undefined && subnet === undefined) return { ...rest, url };
  if (url === undefined && name !== undefined && subnet !== undefined)
    return { ...rest, functionApp: { name, subnetId: subnet, package: zip } };
  return complain(
    url === undefined
      ? "needs name and subnetId for a function app of its own, deployment and url for the cluster, or url alone for a relay that runs elsewhere"
      : "has url, and name or subnetId; remove url, or both of the others",
  );
});
