import { isObject } from "./pulumi-values";

/** Where the values of a Kubernetes Secret lie. */
export const SECRET_FIELDS: readonly string[] = ["data", "stringData"];

/** Whether a value is a Secret as Kubernetes writes it, wherever it may stand: in a list, an annotation, a rendered manifest. */
export function isKubernetesSecret(value: unknown): boolean {
  return (
    isObject(value) && value.kind === "Secret" && SECRET_FIELDS.some((field) => Object.hasOwn(value, field))
  );
}

/** Whether a text is a manifest with a Secret in it, as YAML. One that sops encrypted is none of the kind, but long and of no use here. */
export function holdsSecretManifest(text: string): boolean {
  return /^[ \t-]*["']?kind["']?\s*:\s*["']?Secret["']?\s*(?:#.*)?\r?$/m.test(text);
}
