import { parseAllDocuments } from "yaml";
import type { Subject } from "../values/subject";
import { REPOSITORY_FILE } from "./sops-configs";

export { REPOSITORY_FILE };

type Mapping = Readonly<Record<string, unknown>>;

/** Whether the file is one that GitLab runs, or that such a file includes. */
function isCiFile(path: string): boolean {
  return /(^|\/)\.gitlab-ci\.ya?ml$|^\.gitlab\/.*\.ya?ml$/.test(path);
}

/**
 * The documents of a CI file: its header with the inputs, where it has one, and its jobs. Undefined for other files; throws NotDecidable where it
 * is no YAML, which GitLab refuses as well.
 */
export function ciDocuments(file: Subject): readonly Mapping[] | undefined {
  if (!isCiFile(file.text("filePath") ?? "") || file.text("encoding") === "base64") return undefined;
  // GitLab's own tags, such as `!reference`, stand for what is elsewhere.
  const documents = parseAllDocuments(file.text("content") ?? "", { logLevel: "silent" });
  return documents.map((document) => {
    if (!("toJS" in document) || document.errors.length > 0) throw file.at("content").trouble("form");
    const value: unknown = document.toJS();
    return isMapping(value) ? value : {};
  });
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
