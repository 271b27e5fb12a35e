import type { V1Container, V1EnvVar } from "@kubernetes/client-node";
import { PodNotReady, type PodSource } from "./pod-source";
import { amountOf } from "./quantity";

/** Replaces `$(NAME)` by a variable that is known; `$$(NAME)` stands for itself. */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g, (match, name: string | undefined) =>
    match === "$$" ? "$" : (variables[name ?? ""] ?? match),
  );
}

/** The variables of a container, in the kubelet's order. Throws PodNotReady for a reference to what does not exist. */
export async function environmentOf(
  container: V1Container,
  source: PodSource,
): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const { configMapRef, secretRef, prefix = "" } of container.envFrom ?? []) {
    const data = configMapRef
      ? await source.configMap(configMapRef.name ?? "")
      : await source.secret(secretRef?.name ?? "");
    if (!data && !(configMapRef ?? secretRef)?.optional)
      throw missing(configMapRef ? "configmap" : "secret", source, configMapRef?.name ?? secretRef?.name);
    for (const [key, value] of Object.entries(data ?? {})) variables[`${prefix}${key}`] = value;
  }
  for (const variable of container.env ?? []) {
    const value = await variableValue(variable, container, source);
    if (value !== undefined) variables[variable.name] = variable.valueFrom ? value : expand(value, variables);
  }
  return variables;
}

async function variableValue(
  variable: V1EnvVar,
  container: V1Container,
  source: PodSource,
): Promise<string | undefined> {
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = variable.valueFrom ?? {};
  if (!variable.valueFrom) return variable.value ?? "";
  if (fieldRef) return fieldOf(fieldRef.fieldPath, source);
  if (resourceFieldRef) return amountOf(resourceFieldRef.resource, container);
  const reference = configMapKeyRef ?? secretKeyRef;
  const kind = configMapKeyRef ? "configmap" : "secret";
  if (!reference)
    throw new PodNotReady(`variable ${variable.name} comes from something the stand-in does not know`);
  const name = reference.name ?? "";
  const data = configMapKeyRef ? await source.configMap(name) : await source.secret(name);
  const value = data?.[reference.key];
  if (value === undefined && !reference.optional) throw missing(kind, source, name, reference.key);
  return value;
}

function fieldOf(path: string, source: PodSource): string {
  const fields: Record<string, string> = {
    "metadata.namespace": source.namespace,
    "metadata.name": source.podName,
    "spec.serviceAccountName": source.serviceAccount,
    "spec.nodeName": "sandbox",
    "status.podIP": "127.0.0.1",
    "status.hostIP": "127.0.0.1",
  };
  const value = fields[path];
  if (value === undefined) throw new PodNotReady(`the field ${path} is not known to the stand-in`);
  return value;
}

function missing(kind: string, { namespace }: PodSource, name = "", key?: string): PodNotReady {
  return new PodNotReady(
    `${kind} ${namespace}/${name} ${key === undefined ? "does not exist" : `has no key ${key}`}`,
  );
}
