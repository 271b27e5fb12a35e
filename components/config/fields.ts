import { isIP } from "node:net";
import * as z from "zod";
import { checkGoRegex } from "./go-regex";
import { ConfigProblem, describe, nearest } from "./problems";

type IssueLike = { readonly code?: string | undefined; readonly input?: unknown };

/** Wording for a value that is absent or of the wrong kind: `what` completes "set it to …". */
export const expected = (what: string) => (issue: IssueLike) =>
  issue.input === undefined
    ? `is missing; set it to ${what}`
    : `is ${describe(issue.input)}; set it to ${what}`;

/** An object that refuses unknown keys, each with the nearest known one. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  const required = known.filter((key) => !z.safeParse(shape[key] ?? z.unknown(), undefined).success);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? (issue.keys ?? []).map((key: string) => unknownKey(key, known)).join("\n")
        : expected(`an object with ${(required.length > 0 ? required : known).join(", ")}`)(issue),
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const guess = nearest(key, known);
  return guess
    ? `is not a known key; did you mean ${guess}?`
    : `is not a known key; known are ${known.join(", ")}`;
}

/** Turns a parser that throws ConfigProblem into a schema step. */
export function parsed<Out>(what: string, parse: (value: string) => Out) {
  return z.string({ error: expected(what) }).transform((value, context) => {
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      context.issues.push({ code: "custom", message: error.message, input: value });
      return z.NEVER;
    }
  });
}

export const flag = (what: string) => z.boolean({ error: expected(`true or false (${what})`) });

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: expected(`one of ${values.join(", ")}`) });
}

/** Text of a given pattern; `what` names it with an example. */
export function matching(pattern: RegExp, what: string) {
  return parsed(what, (value) => {
    if (!pattern.test(value)) throw new ConfigProblem(`is ${describe(value)}; set it to ${what}`);
    return value;
  });
}

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

export const namespaceName = matching(
  DNS_LABEL,
  "a namespace: lower-case letters, digits and dashes, at most 63",
);
export const objectName = matching(
  DNS_SUBDOMAIN,
  "a Kubernetes name: lower-case letters, digits, dashes and dots",
);
/** Key of a map in the config. It becomes part of resource names, so it is as narrow as a DNS label. */
export const mapKey = DNS_LABEL;

/** A map whose keys end up in resource names. */
export function named<Value extends z.ZodType>(value: Value, what: string) {
  const problem = `is not a usable name; use lower-case letters, digits and dashes`;
  return z.record(z.string(), value, { error: expected(`a map of ${what}`) }).superRefine((map, context) => {
    for (const key of Object.keys(map)) {
      if (!mapKey.test(key)) context.addIssue({ code: "custom", path: [key], message: problem });
    }
    if (Object.keys(map).length === 0)
      context.addIssue({ code: "custom", message: `is empty; give at least one of ${what}` });
  });
}

/** A Vault mount path without slashes at the ends. Globs are refused: policies name paths literally. */
export const mountPath = matching(
  /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/,
  "a mount path without slashes at the ends, such as transit",
);
/** Vault's own rule for a transit key name. */
export const keyName = matching(
  /^\w([\w.-]*\w)?$/,
  "a key name: letters, digits, underscores, dashes and dots, such as sops",
);

const DURATION_PART = /(\d+)(h|m|s)/g;
const DURATION = /^(\d+(h|m|s))+$/;
const SECONDS = { h: 3600, m: 60, s: 1 } as const;

/** Go duration in whole seconds: `90s`, `10m`, `1h30m`. */
export function parseDuration(value: string): number {
  if (value === "0") return 0;
  if (!DURATION.test(value)) {
    throw new ConfigProblem(`is ${describe(value)}; set it to a duration such as 90s, 10m or 2160h`);
  }
  let seconds = 0;
  for (const [, amount, unit] of value.matchAll(DURATION_PART)) {
    seconds += Number(amount) * SECONDS[unit as keyof typeof SECONDS];
  }
  return seconds;
}

export function duration(minimum: string, maximum: string, why: string) {
  return parsed(`a duration from ${minimum} to ${maximum}`, (value) => {
    const seconds = parseDuration(value);
    if (seconds < parseDuration(minimum) || seconds > parseDuration(maximum)) {
      throw new ConfigProblem(`is ${value}; set it to between ${minimum} and ${maximum} (${why})`);
    }
    return seconds;
  });
}

/** A duration that Flux reads itself: checked here, handed on as written. */
export const fluxDuration = parsed("a duration such as 1m or 10m", (value) => {
  if (parseDuration(value) < 1) throw new ConfigProblem(`is ${value}; set it to a duration of at least 1s`);
  return value;
});

export const cidr = parsed("an address range such as 10.0.0.0/16", (value) => {
  const [address = "", prefix = "", ...rest] = value.split("/");
  const family = isIP(address);
  const longest = family === 6 ? 128 : 32;
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > longest) {
    throw new ConfigProblem(`is ${describe(value)}; set it to an address range such as 10.0.0.0/16`);
  }
  return value;
});

export const port = z
  .number({ error: expected("a port number from 1 to 65535") })
  .refine((value) => Number.isInteger(value) && value >= 1 && value <= 65535, {
    error: (issue) => `is ${describe(issue.input)}; set it to a port number from 1 to 65535`,
  });

/** A regular expression as sops reads it. */
export const regex = parsed("a regular expression", (value) => {
  checkGoRegex(value);
  return value;
});

/** A path inside the project or the repository; never one that climbs out of it. */
export const repositoryPath = parsed("a folder of the deploy repository such as ./apps", (value) => {
  if (value.startsWith("/") || value.split("/").includes("..")) {
    throw new ConfigProblem(
      `is ${describe(value)}; set it to a folder inside the deploy repository such as ./apps`,
    );
  }
  return value;
});
