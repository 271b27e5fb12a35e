import type { V1Container } from "@kubernetes/client-node";
import { PodNotReady } from "./pod-source";

const FACTORS: Readonly<Record<string, number>> = {
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** `1Gi` → 1073741824. See https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export function parseQuantity(text: string): number {
  const [, number, suffix = ""] = /^([0-9.]+)([A-Za-z]*)$/.exec(text) ?? [];
  const factor = FACTORS[suffix];
  if (number === undefined || factor === undefined)
    throw new PodNotReady(`"${text}" is no amount the stand-in can read`);
  return Number(number) * factor;
}

/** The value of a `resourceFieldRef` such as `limits.memory`, rounded up as the kubelet does. */
export function amountOf(resource: string, { resources }: V1Container): string {
  const [kind, name = ""] = resource.split(".");
  const amount = (kind === "requests" ? resources?.requests : resources?.limits)?.[name];
  if (amount === undefined) throw new PodNotReady(`the container has no ${resource}`);
  return String(Math.ceil(parseQuantity(amount)));
}
