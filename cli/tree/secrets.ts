import { type FileDocument, isMapping, type Mapping, textOf } from "./kubernetes-documents";

/** A Kubernetes Secret with values that anybody who has the repository can read. */
export interface PlainSecret {
  /** Where the Secret begins, from 1. */
  readonly line: number;
  readonly name: string;
  /** `data.password`, `stringData.token`. Never the values. */
  readonly fields: readonly string[];
}

const ENCRYPTED = "ENC[AES256_GCM,";

/** Values that stand for others: of Flux's substitution, or of a template. */
const REFERENCE = /^\s*(\$\{[^{}]*\}|\{\{.*\}\})\s*$/s;

/** Cheap: whether it is worth reading the text as YAML to look for Secrets. */
export function mayHoldSecret(text: string): boolean {
  return /\bkind["']?\s*:\s*["']?Secret(List)?\b/.test(text) || /\bkind["']?\s*:\s*["']?List\b/.test(text);
}

/** The Secrets with readable values. Empty values and mere references do not count. */
export function plainSecrets(documents: readonly FileDocument[]): PlainSecret[] {
  return documents.filter(isSecret).flatMap(({ line, value }) => {
    const fields = valuesOf(value).flatMap(([field, content]) => (isReadable(content) ? [field] : []));
    return fields.length === 0
      ? []
      : [{ line, name: textOf(value, "metadata", "name") ?? "(no name)", fields }];
  });
}

/**
 * Fields of Secrets that Flux's substitution would change: readable values with `${`. Of encrypted values nobody can tell.
 * Secrets that opt out by label or annotation are left alone.
 */
export function substitutedFields(documents: readonly FileDocument[]): string[] {
  return documents
    .filter(isSecret)
    .filter(({ value }) => !optsOut(value))
    .flatMap(({ value }) => valuesOf(value))
    .flatMap(([field, content]) =>
      typeof content === "string" && isReadable(content) && content.replaceAll("$${", "").includes("${")
        ? [field]
        : [],
    );
}

function isSecret({ value }: FileDocument): boolean {
  return value.kind === "Secret" && value.apiVersion === "v1";
}

function optsOut(secret: Mapping): boolean {
  return ["labels", "annotations"].some(
    (place) => textOf(secret, "metadata", place, "kustomize.toolkit.fluxcd.io/substitute") === "disabled",
  );
}

function valuesOf(secret: Mapping): [field: string, content: unknown][] {
  return ["data", "stringData"].flatMap((place) => {
    const values = secret[place];
    if (!isMapping(values)) return [];
    return Object.entries(values).map(([name, content]): [string, unknown] => [`${place}.${name}`, content]);
  });
}

function isReadable(content: unknown): boolean {
  if (content === null || content === undefined || content === "") return false;
  if (typeof content !== "string") return true;
  return !content.startsWith(ENCRYPTED) && !REFERENCE.test(content);
}
