import { parseAllDocuments } from "yaml";
import { PipelineRefused } from "../pipeline-refused";
import { checkInputs, type InputValues, LATER } from "./input-spec";

/** A file of the commit that the pipeline is for. Undefined when there is none. */
export type ReadFile = (path: string) => Promise<string | undefined>;

interface CiDocuments {
  /** The mapping under `spec: inputs`; undefined when the file has no header. */
  readonly specs?: Readonly<Record<string, unknown>>;
  readonly content: unknown;
}

interface LocalInclude {
  readonly path: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * Checks the inputs of a CI file and of every local file that it includes, which gitlab-ci-local does only for inputs that are
 * used. Returns the values for the file itself.
 *
 * Throws PipelineRefused in GitLab's words for a missing file, YAML that cannot be read and inputs that do not fit.
 */
export async function checkCiFile(
  path: string,
  given: Readonly<Record<string, unknown>>,
  read: ReadFile,
): Promise<InputValues> {
  const text = await read(path);
  if (text === undefined) throw new PipelineRefused("Missing CI config file", "config");
  return checkText(path, text, given, read, [path]);
}

async function checkText(
  path: string,
  text: string,
  given: Readonly<Record<string, unknown>>,
  read: ReadFile,
  trail: readonly string[],
): Promise<InputValues> {
  const { specs, content } = documentsOf(path, text);
  if (!specs && Object.keys(given).length > 0)
    throw refusal(path, "Given inputs not defined in the `spec` section of the included configuration file");
  const { values, errors } = checkInputs(specs ?? {}, given);
  if (errors.length > 0) throw refusal(path, errors.slice(0, 3).join(", "));
  for (const include of localIncludes(content)) {
    // Patterns and paths that are only known after interpolation are left to gitlab-ci-local.
    if (/[*$]/.test(include.path) || trail.includes(include.path)) continue;
    const included = await read(include.path);
    if (included === undefined)
      throw new PipelineRefused(`Local file \`${include.path}\` does not exist!`, "config");
    await checkText(include.path, included, include.inputs, read, [...trail, include.path]);
  }
  return values;
}

function documentsOf(path: string, text: string): CiDocuments {
  const documents = parseAllDocuments(text, { customTags: [REFERENCE], logLevel: "silent" });
  const list = Array.isArray(documents) ? documents : [];
  const broken = list.flatMap(({ errors }) => errors)[0];
  if (broken) throw refusal(path, `(<unknown>): ${broken.message.split("\n")[0]?.replace(/:$/, "")}`);
  const [first, second] = list.map((document) => document.toJS({ maxAliasCount: -1 }) as unknown);
  if (list.length > 1 && isMapping(first) && "spec" in first) {
    const inputs = isMapping(first.spec) ? first.spec.inputs : undefined;
    return { specs: isMapping(inputs) ? inputs : {}, content: second };
  }
  return { content: first };
}

/** `!reference [job, key]`, which is gitlab-ci-local's to resolve; here it only must not be an error. */
const REFERENCE = { tag: "!reference", collection: "seq" } as const;

function localIncludes(content: unknown): LocalInclude[] {
  const include = isMapping(content) ? content.include : undefined;
  const entries = Array.isArray(include) ? include : include === undefined ? [] : [include];
  return entries.flatMap((entry: unknown) => {
    if (typeof entry === "string")
      return /^https?:/.test(entry) ? [] : [{ path: trimmed(entry), inputs: {} }];
    if (!isMapping(entry) || typeof entry.local !== "string" || entry.rules !== undefined) return [];
    return [{ path: trimmed(entry.local), inputs: inputsOf(entry.inputs) }];
  });
}

function inputsOf(inputs: unknown): Record<string, unknown> {
  const entries = isMapping(inputs) ? Object.entries(inputs) : [];
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      typeof value === "string" && value.includes("$[[") ? LATER : value,
    ]),
  );
}

function trimmed(path: string): string {
  return path.replace(/^\/+/, "");
}

function refusal(path: string, text: string): PipelineRefused {
  return new PipelineRefused(`\`${path}\`: ${text}`, "config");
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
