import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CiVariable } from "../contract";
import { expand, literal } from "./expand";

/** The layers of a job's variables, the weakest first. @see https://docs.gitlab.com/ci/variables/#cicd-variable-precedence */
export interface VariableLayers {
  readonly predefined: Readonly<Record<string, string>>;
  /** From the CI file. */
  readonly yaml: Readonly<Record<string, string>>;
  /** From `dotenv` reports of earlier jobs. */
  readonly reported: Readonly<Record<string, string>>;
  /** Of the project, as far as this job sees them. */
  readonly project: readonly CiVariable[];
  /** Given by whoever started the pipeline, and then by whoever started the job. */
  readonly given: readonly Pick<CiVariable, "key" | "value" | "variableType">[];
  /** By the names under `id_tokens`. */
  readonly idTokens: Readonly<Record<string, string>>;
}

/**
 * Everything above the CI file's own variables, in the form that gitlab-ci-local fills in: `$` stays where GitLab fills it in too.
 * Values of file variables are written into `folder`, 0600, and their variables hold the path.
 */
export function jobEnvironment(layers: VariableLayers, folder: string): Record<string, string> {
  const { predefined, yaml, reported, project, given, idTokens } = layers;
  const own = Object.entries(predefined).filter(([name]) => !(name in yaml));
  const values = new Map<string, string>(own.map(([name, value]) => [name, literal(value)]));
  for (const [name, value] of Object.entries(reported)) values.set(name, literal(value));
  for (const variable of [...project, ...given]) {
    const { key, value, variableType } = variable;
    const raw = "raw" in variable && variable.raw === true;
    if (variableType === "file") values.set(key, literal(writeValue(folder, key, value)));
    else values.set(key, raw ? literal(value) : value);
  }
  for (const [name, token] of Object.entries(idTokens)) values.set(name, literal(token));
  return Object.fromEntries(values);
}

/** A text of the CI file with a job's variables filled in: an environment's name, a resource group. */
export function filledIn(
  text: string,
  layers: Pick<VariableLayers, "predefined" | "yaml" | "project" | "given">,
): string {
  const others = [...layers.project, ...layers.given].map(({ key, value }) => [key, value]);
  return expand(text, { ...layers.predefined, ...layers.yaml, ...Object.fromEntries(others) });
}

function writeValue(folder: string, key: string, value: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, key);
  writeFileSync(file, value, { mode: 0o600 });
  return file;
}
