import * as z from "zod";
import { isForHelm } from "../render/tool-environment";
import { FORMS } from "./declared-secret";
import { isLabelValue, isMetadataKey, isNamespace, isSecretKey, isSecretName } from "./kubernetes-names";
import { secretType } from "./secret-types";

/** Whoever writes a mapping could otherwise take them home by way of the cluster. */
const OF_THE_JOB =
  /^(CI_\w*(TOKEN|PASSWORD|JWT)\w*|CI_REPOSITORY_URL|VAULT_(ID_)?TOKEN|SOPS_AGE_KEY\w*|SOPSLOOP_DIGEST_KEY)$/;

/** What is wrong with a name of a variable; undefined for one that may hold a secret. */
function flawOf(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    return "is no name of a variable: letters, digits and _, no digit first";
  if (isForHelm(name)) return "is a variable that helm itself reads; give the value another name";
  return OF_THE_JOB.test(name)
    ? "is a credential of the job itself, which no Secret may hold; take it out"
    : undefined;
}

const variable = z.string().superRefine((name, context) => {
  const message = flawOf(name);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

const key = z.union(
  [
    variable.transform((name) => ({ variable: name, form: "line" as const, optional: false })),
    z.strictObject({
      variable,
      form: z.enum(FORMS, { error: `has to be one of ${FORMS.join(", ")}` }).default("line"),
      optional: z.boolean().default(false),
    }),
  ],
  { error: unionReason },
);

const secretKey = z
  .string()
  .refine(isSecretKey, "is no key of a Secret: letters, digits, -, _ and . only, at most 253");
const metadataKey = z.string().refine(isMetadataKey, "is no key of a label or an annotation");

type Key = z.output<typeof key>;

const keys = z.record(secretKey, key).refine((keys) => Object.keys(keys).length > 0, "names no key");

/**
 * Most keys are named by a variable alone. Secrets with only such, and nothing wrong, are told without the schema, which for thousands of
 * keys takes longer than all else that a run without changes does.
 */
function plainKeys(value: unknown): Record<string, Key> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  const read: Record<string, Key> = {};
  for (const [name, variable] of entries) {
    const isPlain = typeof variable === "string" && isSecretKey(name) && name !== "__proto__";
    if (!isPlain || flawOf(variable) !== undefined) return undefined;
    read[name] = { variable, form: "line", optional: false };
  }
  return entries.length > 0 ? read : undefined;
}

function checkedKeys(value: unknown, context: z.RefinementCtx): Record<string, Key> {
  const result = keys.safeParse(value);
  if (result.success) return result.data;
  context.issues.push(...result.error.issues.map((issue) => ({ ...issue, input: undefined })));
  return z.NEVER;
}

/** A path below the chart's folder that Flux and sops take for YAML. */
const file = z.string().refine((path) => {
  const parts = path.split("/");
  return (
    /\.ya?ml$/.test(path) &&
    parts.every((part) => /^[A-Za-z0-9_][-A-Za-z0-9_.]*$/.test(part)) &&
    !/(^|\/)kustomization\.ya?ml$/.test(path) &&
    path !== "chart.yaml"
  );
}, "is no path for a Secret: relative to the chart's folder, ending in .yaml, and neither chart.yaml nor a kustomization.yaml");

const secret = z
  .strictObject({
    name: z.string().refine(isSecretName, "is no name of a Secret: lower-case letters, digits, - and ."),
    namespace: z
      .string()
      .refine(isNamespace, "is no name of a namespace: lower-case letters, digits and -")
      .optional(),
    type: z.string().min(1).max(253).default("Opaque"),
    labels: z
      .record(metadataKey, z.string().refine(isLabelValue, "is no value of a label: at most 63 characters"))
      .default({}),
    annotations: z.record(metadataKey, z.string()).default({}),
    file: file.optional(),
    keys: z.unknown().transform((value, context) => plainKeys(value) ?? checkedKeys(value, context)),
  })
  .superRefine(({ type, keys }, context) => {
    const sure = Object.keys(keys).filter((name) => keys[name]?.optional === false);
    const { keys: needed, oneOf } = secretType(type);
    const missing = needed.filter((name) => !sure.includes(name));
    const message =
      missing.length > 0
        ? `type ${type} needs ${missing.join(" and ")}, and not optional`
        : oneOf && !oneOf.some((name) => sure.includes(name))
          ? `type ${type} needs ${oneOf.join(" or ")}, and not optional`
          : undefined;
    if (message !== undefined) context.addIssue({ code: "custom", path: ["keys"], message });
  });

/** The mapping file: which variable becomes which key of which Secret. */
export const mappingSchema = z.strictObject({ secrets: z.array(secret).min(1, "names no Secret") });

/** Of the two ways to write a key, the one that was meant tells what is wrong. */
function unionReason({ input }: { readonly input?: unknown }): string {
  const wrong = typeof input === "string" ? flawOf(input) : undefined;
  return (
    wrong ??
    `has to be the name of a variable, or variable with form (${FORMS.join(", ")}) and optional (true, false)`
  );
}
