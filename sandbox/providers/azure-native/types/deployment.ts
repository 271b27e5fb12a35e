import type { InputFailure, PlainMap } from "../../engine/resource-type";
import { isMap } from "../../engine/wire";
import type { Definition } from "../arm/definition";
import { anything, listOf, object, outputs, required, text } from "../shape/property";
import { nameAndType, tags } from "./shared-rows";

const mode = { ...text, oneOf: ["Incremental", "Complete"] } as const;
const debugSetting = object({ detailLevel: text });
const parametersLink = object({ contentVersion: text, uri: required(text) });
const templateLink = object({
  contentVersion: text,
  id: text,
  queryString: text,
  relativePath: text,
  uri: text,
});
const onErrorDeployment = {
  deploymentName: text,
  type: { ...text, oneOf: ["LastSuccessful", "SpecificDeployment"] },
} as const;
const parameter = object({
  expression: text,
  reference: object({
    keyVault: required(object({ id: required(text) })),
    secretName: required(text),
    secretVersion: text,
  }),
  type: text,
  value: anything,
});

/** What ARM tells of it: the parameters with their types and defaults, and no template. */
const told = object({
  debugSetting,
  mode,
  onErrorDeployment: object({ ...onErrorDeployment, ...outputs({ provisioningState: text }) }),
  parametersLink,
  templateLink,
  ...outputs({
    correlationId: text,
    duration: text,
    error: object({ code: text, message: text, target: text }),
    outputResources: listOf(object({ id: text })),
    outputs: anything,
    parameters: anything,
    provisioningState: text,
    templateHash: text,
    timestamp: text,
    validatedResources: listOf(object({ id: text })),
  }),
});

/**
 * A template that Azure carries out in a resource group. Deleted is only the record of it: what it made stays. It has no location: Azure
 * refuses one below the subscription.
 */
export const deployment: Definition = {
  token: "azure-native:resources:Deployment",
  noun: "deployment",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Resources/deployments/{deploymentName}",
  names: {
    deploymentName: {
      pattern: /^[-\w.()]{1,64}$/,
      form: "at most 64 letters, digits, dashes, dots, underscores and parentheses",
    },
  },
  apiVersion: "2024-03-01",
  properties: {
    properties: required(
      object({
        debugSetting,
        expressionEvaluationOptions: {
          ...object({ scope: { ...text, oneOf: ["NotSpecified", "Outer", "Inner"] } }),
          writeOnly: true,
        },
        mode: required(mode),
        onErrorDeployment: object(onErrorDeployment),
        parameters: { kind: "map", of: parameter, writeOnly: true },
        parametersLink,
        template: { ...anything, writeOnly: true },
        templateLink,
      }),
    ),
    ...tags,
    ...nameAndType,
  },
  outputs: { properties: told, ...tags, ...nameAndType },
  check: ({ properties }) => (isMap(properties) ? eitherOr(properties) : []),
};

function eitherOr(properties: PlainMap): InputFailure[] {
  const failures: InputFailure[] = [];
  const has = (name: string): boolean => (properties[name] ?? undefined) !== undefined;
  if (has("template") === has("templateLink")) {
    const reason = has("template")
      ? "a deployment has a template or a link to one, not both"
      : "a deployment needs a template, or templateLink";
    failures.push({ path: "properties.template", reason });
  }
  if (has("parameters") && has("parametersLink"))
    failures.push({
      path: "properties.parameters",
      reason: "a deployment has parameters or a link to them, not both",
    });
  return failures;
}
