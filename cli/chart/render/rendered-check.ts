import { documentsOf, type FileDocument, isMapping, textOf } from "../../tree/kubernetes-documents";
import { plainSecrets } from "../../tree/secrets";
import { titleOf } from "../mapping/declared-secret";
import type { SecretContent } from "../values/secret-content";

/** What was found in a chart's output. */
export interface RenderedCheck {
  readonly objects: number;
  /** One line each; never a value. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** Shorter values stand in many a text by chance. */
const SHORTEST = 12;

/** Sees to it that a chart's output holds no secret, and no Secret that the mapping makes too. */
export function checkRendered(
  text: string,
  secrets: readonly SecretContent[],
  release: { readonly chart: string; readonly namespace: string | undefined },
): RenderedCheck {
  const { chart, namespace } = release;
  const documents = documentsOf(text);
  if (!documents)
    return {
      objects: 0,
      problems: [`${chart}: what helm renders is not YAML; look at helm template ${chart}`],
      notes: [],
    };
  const objects = documents.filter(({ value }) => value.kind !== undefined);
  return {
    objects: objects.length,
    problems: [
      ...plainSecrets(objects).map(
        ({ name, fields }) =>
          `${chart}: renders Secret ${name} with ${fields.join(", ")} in plain text; take it out of the chart and into the mapping`,
      ),
      ...clashes(objects, secrets, namespace).map(
        ({ declared }) =>
          `${declared.where()}: Secret ${titleOf(declared)} is also in what ${chart} renders; rename one of the two, or switch the chart's off`,
      ),
      ...leaks([text, ...textsIn(objects.map(({ value }) => value))].join("\0"), secrets).map(
        (where) =>
          `${chart}: renders the value of ${where} in plain text; refer to the Secret instead, or take the key out of it if it is no secret`,
      ),
    ],
    notes: hookNotes(objects, chart),
  };
}

function clashes(
  objects: readonly FileDocument[],
  secrets: readonly SecretContent[],
  namespace: string | undefined,
): SecretContent[] {
  const rendered = new Set(
    objects
      .filter(({ value }) => value.kind === "Secret" && value.apiVersion === "v1")
      .map(({ value }) => {
        const own = textOf(value, "metadata", "namespace") ?? namespace;
        const name = textOf(value, "metadata", "name") ?? "";
        return titleOf(own === undefined ? { name } : { name, namespace: own });
      }),
  );
  return secrets.filter(({ declared }) => rendered.has(titleOf(declared)));
}

/** Every text in it: indented, folded and escaped it stands otherwise in the file. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Values that stand in the output as they are, or as base64. */
function leaks(text: string, secrets: readonly SecretContent[]): string[] {
  return secrets.flatMap(({ declared, manifest }) =>
    Object.entries(manifest.data).flatMap(([key, base64]) => {
      const plain = Buffer.from(base64, "base64").toString("utf8");
      if (plain.length < SHORTEST) return [];
      return text.includes(plain) || text.includes(base64)
        ? [`key ${key} of Secret ${titleOf(declared)}`]
        : [];
    }),
  );
}

/** Flux knows no hooks: it applies them as any other object. */
function hookNotes(objects: readonly FileDocument[], chart: string): string[] {
  const hooks = objects.filter(({ value }) => {
    const metadata = value.metadata;
    return isMapping(metadata) && textOf(metadata, "annotations", "helm.sh/hook") !== undefined;
  });
  const names = hooks.map(({ value }) => `${value.kind} ${textOf(value, "metadata", "name")}`);
  return names.length === 0
    ? []
    : [`${chart}: ${names.join(", ")}: a hook of Helm's, which Flux applies as a plain object`];
}
