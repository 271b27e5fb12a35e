import type { Resource } from "../../../../policies/values/subject";

/** Text that stands for an unknown value on Pulumi's wire. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A secret as an exported stack has it. */
export const CIPHERTEXT = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:abc:def",
};

/** In the place of a secret: no message may repeat it. */
export const CANARY = "canary-9f2c-must-never-be-shown";

type Properties = Readonly<Record<string, unknown>>;

export interface Made {
  readonly name?: string;
  readonly stack?: string;
  readonly isProtected?: boolean;
}

/** Of a stack for which the rules are stricter. */
export const PROD: Made = { stack: "prod" };

/** A resource of a test's own. Stack `dev`, unless the test says another. */
export function resource(type: string, inputs: Properties, made: Made = {}): Resource {
  const { name = "it", stack = "dev", isProtected = true } = made;
  return { urn: `urn:pulumi:${stack}::sopsloop::${type}::${name}`, type, name, inputs, isProtected };
}

/** Makes resources of one type that break no rule, each with a change; undefined takes a property out. */
export function maker(type: string, compliant: Properties) {
  return (change: Properties = {}, made: Made = {}): Resource =>
    resource(type, changed(compliant, change), made);
}

/** Properties with values set at paths such as `spec.ref.branch`; names with dots are not paths here. */
export function changed(properties: Properties, change: Properties): Properties {
  let result: Properties = properties;
  for (const [path, value] of Object.entries(change)) result = setAt(result, path.split("."), value);
  return result;
}

function setAt(properties: Properties, [name = "", ...rest]: readonly string[], value: unknown): Properties {
  const { [name]: old, ...others } = properties;
  if (rest.length > 0) return { ...others, [name]: setAt((old ?? {}) as Properties, rest, value) };
  return value === undefined ? others : { ...others, [name]: value };
}
