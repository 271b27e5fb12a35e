import type { InputFailure, PlainMap } from "../../engine/resource-type";
import type { Definition } from "../arm/definition";
import { flag, inProperties, integer, listOf, object, required, text } from "../shape/property";
import { nameAndType, systemData } from "./shared-rows";

const retentionPolicy = object({ days: required(integer), enabled: required(flag) });

const DESTINATIONS = [
  "workspaceId",
  "storageAccountId",
  "eventHubAuthorizationRuleId",
  "marketplacePartnerId",
  "serviceBusRuleId",
] as const;

/** Where the logs and the metrics of a resource go. */
export const diagnosticSetting: Definition = {
  token: "azure-native:monitor:DiagnosticSetting",
  noun: "diagnostic setting",
  path: "/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
  names: { resourceUri: { isPath: true } },
  apiVersion: "2021-05-01-preview",
  properties: {
    ...inProperties({
      eventHubAuthorizationRuleId: text,
      eventHubName: text,
      logAnalyticsDestinationType: text,
      logs: listOf(object({ category: text, categoryGroup: text, enabled: required(flag), retentionPolicy })),
      marketplacePartnerId: text,
      metrics: listOf(object({ category: text, enabled: required(flag), retentionPolicy, timeGrain: text })),
      serviceBusRuleId: text,
      storageAccountId: text,
      workspaceId: text,
    }),
    ...nameAndType,
    ...systemData,
  },
  check: destinationFailures,
};

function destinationFailures(inputs: PlainMap): InputFailure[] {
  if (DESTINATIONS.some((name) => inputs[name] !== undefined)) return [];
  const [path] = DESTINATIONS;
  return [
    { path, reason: `a diagnostic setting needs somewhere to write to: one of ${DESTINATIONS.join(", ")}` },
  ];
}
