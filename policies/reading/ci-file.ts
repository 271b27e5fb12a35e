import { parseAllDocuments } from "yaml";
import type { Stack } from "../values/stack";
import type { Subject } from "../values/subject";
import { PROJECT, REPOSITORY_FILE } from "./gitlab";

export { REPOSITORY_FILE };

type Mapping = Readonly<Record<string, unknown>>;

/** Names that GitLab's own files have. */
const USUAL_NAME = /(^|\/)\.gitlab-ci\.ya?ml$|^\.gitlab\/.*\.ya?ml$/;

/** Whether GitLab starts the pipelines of one of the stack's projects from this file. */
export function isFirstCiFile(file: Subject, stack: Stack): boolean {
  const path = file.text("filePath") ?? "";
  if (/(^|\/)\.gitlab-ci\.ya?ml$/.test(path)) return true;
  return stack.ofType(PROJECT).some((project) => path !== "" && project.text("ciConfigPath") === path);
}

/**
 * The documents of a CI file: its header with the inputs, where it has one, and its jobs. Undefined for other files; throws NotDecidable where it
 * is no YAML, which GitLab refuses as well. A file of any name may be included by one that the stack does not see, so that there its content decides.
 */
export function ciDocuments(file: Subject): readonly Mapping[] | undefined {
  const path = file.text("filePath") ?? "";
  if (!/\.ya?ml$/.test(path) || file.text("encoding") === "base64") return undefined;
  // GitLab's own tags, such as `!reference`, stand for what is elsewhere.
  const documents = parseAllDocuments(file.text("content") ?? "", { logLevel: "silent" });
  const values = documents.map((document) => {
    if (!("toJS" in document) || document.errors.length > 0) return undefined;
    const value: unknown = document.toJS();
    return isMapping(value) ? value : {};
  });
  const read = values.filter((value) => value !== undefined);
  if (!USUAL_NAME.test(path) && !read.some(isPipeline)) return undefined;
  if (read.length < values.length) throw file.at("content").trouble("form");
  return read;
}

/** By what no other YAML has: files that are included, the order of stages, or jobs with scripts. */
function isPipeline(document: Mapping): boolean {
  if ("apiVersion" in document) return false;
  if ("include" in document || "stages" in document) return true;
  return Object.values(document).some((job) => isMapping(job) && "script" in job);
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every value under a name, at any depth. */
export function valuesOf(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesOf(each, name));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => [
    ...(key === name ? [each] : []),
    ...valuesOf(each, name),
  ]);
}

/** Files of the same project that a CI file includes, with what it hands to each. */
export function includesIn({ include }: Mapping) {
  return [include].flat().flatMap((each: unknown) => {
    const local = isMapping(each) ? each.local : each;
    const inputs = isMapping(each) && isMapping(each.inputs) ? each.inputs : {};
    return typeof local === "string" ? [{ local, inputs }] : [];
  });
}
