import { RE2JS } from "re2js";

/** A value of an input: what YAML and JSON can hold. */
export type InputValue = string | number | boolean | readonly unknown[];
export type InputValues = Readonly<Record<string, InputValue>>;

const TYPES = ["array", "boolean", "number", "string"] as const;
type InputType = (typeof TYPES)[number];

/** Stands for a value that is only known once the including file's own inputs are filled in. */
export const LATER = Symbol("later");

interface InputSpec {
  readonly type: InputType;
  readonly required: boolean;
  readonly default?: unknown;
  readonly options?: readonly unknown[];
  readonly regex?: string;
}

export interface CheckedInputs {
  readonly values: InputValues;
  /** In GitLab's words, empty when all is well. */
  readonly errors: readonly string[];
}

/**
 * The values that a file's `spec: inputs` gets. Strings are read as JSON for any other type, since a form can send nothing else.
 *
 * @param specs the mapping under `spec: inputs`.
 * @param given what the caller or the `include` passes.
 */
export function checkInputs(
  specs: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): CheckedInputs {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(specs, name));
  const errors = unknown.length > 0 ? [`unknown input arguments: ${unknown.join(", ")}`] : [];
  const values: Record<string, InputValue> = {};
  for (const [name, raw] of Object.entries(specs)) {
    const spec = specOf(raw);
    if (!spec) {
      errors.push(`unknown input specification for \`${name}\` (valid types: ${TYPES.join(", ")})`);
      continue;
    }
    const value = given[name];
    if (value === LATER) continue;
    const says = (complaint: string) => `\`${name}\` input: ${complaint}`;
    if (value === undefined || value === null) {
      if (spec.required) errors.push(says("required value has not been provided"));
      else errors.push(...complaintsAbout(coerced(spec.default, spec.type), spec, "default").map(says));
      continue;
    }
    const taken = coerced(value, spec.type);
    errors.push(...complaintsAbout(taken, spec, "provided").map(says));
    if (isValue(taken)) values[name] = taken;
  }
  return { values, errors };
}

function specOf(raw: unknown): InputSpec | undefined {
  if (raw === null || raw === undefined) return { type: "string", required: true };
  if (typeof raw !== "object" || Array.isArray(raw)) return undefined;
  const { type = "string", options, regex, ...rest } = raw as Record<string, unknown>;
  const known = TYPES.find((name) => name === type);
  if (!known) return undefined;
  return {
    type: known,
    required: !("default" in rest),
    default: rest.default,
    ...(Array.isArray(options) && { options }),
    ...(typeof regex === "string" && { regex }),
  };
}

function coerced(value: unknown, type: InputType): unknown {
  if (type === "string") return typeof value === "object" ? JSON.stringify(value) : String(value ?? "");
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function complaintsAbout(value: unknown, spec: InputSpec, whose: "default" | "provided"): string[] {
  const type = Array.isArray(value) ? "array" : typeof value;
  if (type !== spec.type) return [`${whose} value is not ${spec.type === "array" ? "an" : "a"} ${spec.type}`];
  const complaints: string[] = [];
  if (spec.options) {
    const known = spec.options.map(String);
    const strange = (Array.isArray(value) ? value : [value])
      .map(String)
      .filter((one) => !known.includes(one));
    const named = Array.isArray(value) ? strange.join(", ") : `\`${strange[0]}\``;
    if (strange.length > 0)
      complaints.push(`${named} cannot be used because it is not in the list of allowed options`);
  }
  if (spec.regex !== undefined) complaints.push(...regexComplaints(value, spec.regex, whose));
  return complaints;
}

function regexComplaints(value: unknown, regex: string, whose: "default" | "provided"): string[] {
  if (typeof value !== "string") return ["RegEx validation can only be used with string inputs"];
  try {
    const found = RE2JS.compile(regex).matcher(value).find();
    return found ? [] : [`${whose} value does not match required RegEx pattern`];
  } catch {
    return ["invalid regular expression"];
  }
}

function isValue(value: unknown): value is InputValue {
  return ["string", "number", "boolean"].includes(typeof value) || Array.isArray(value);
}
