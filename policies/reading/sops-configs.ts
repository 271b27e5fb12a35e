import { parse, stringify } from "yaml";
import { SopsConfig } from "../../cli/rules/sops-config";
import type { WantedKey } from "../../cli/rules/wanted-key";
import type { Reader } from "../values/reader";
import type { Stack } from "../values/stack";
import type { Subject } from "../values/subject";

const STACK = "pulumi:pulumi:Stack";
export const REPOSITORY_FILE = "gitlab:index/repositoryFile:RepositoryFile";

/** A creation rule of a `.sops.yaml`. */
export interface SopsRule {
  /** From 1. */
  readonly number: number;
  /** As it is written; absent where the rule is for every file. */
  readonly pathRegex: string | undefined;
  readonly keys: readonly WantedKey[];
  /** Groups of keys, of which more than one may be needed to decrypt. */
  readonly groups: number;
  /** Setting that says what is encrypted, and its value; absent where the rule leaves it to sops. */
  readonly selector: { readonly name: string; readonly value: string } | undefined;
}

/** A `.sops.yaml` of a stack. */
export interface SopsFile {
  /** Where its text is. */
  readonly text: Reader;
  readonly rules: readonly SopsRule[];
  /** What sops refuses in it, and what it ignores without a word. */
  readonly problems: readonly string[];
}

/** Resources that a `.sops.yaml` may be found in: a file of a repository, or else the stack's own output. */
export const SOPS_CONFIG_TYPES = [REPOSITORY_FILE, STACK];

/** The `.sops.yaml` in a resource; undefined where it has none. */
export function sopsFileOf(subject: Subject): SopsFile | undefined {
  if (subject.type === STACK) return subject.has("sopsConfig") ? read(subject.at("sopsConfig")) : undefined;
  if (!/(^|\/)\.sops\.ya?ml$/.test(subject.text("filePath") ?? "")) return undefined;
  return read(subject.at("content"), subject.text("encoding") === "base64");
}

/** All of a stack's. */
export function sopsFilesOf(stack: Stack): readonly SopsFile[] {
  return stack.ofType(...SOPS_CONFIG_TYPES).flatMap((subject) => sopsFileOf(subject) ?? []);
}

function read(text: Reader, isBase64 = false): SopsFile {
  const given = text.text() ?? "";
  const yaml = isBase64 ? Buffer.from(given, "base64").toString("utf8") : given;
  const { problems } = new SopsConfig(yaml);
  return {
    text,
    rules: entriesIn(yaml).map(ruleOf),
    problems: problems.map(({ line, message }) => `line ${line}: ${message}`),
  };
}

type Entry = Readonly<Record<string, unknown>>;

function entriesIn(yaml: string): Entry[] {
  try {
    const { creation_rules: rules } = (parse(yaml, { logLevel: "silent" }) ?? {}) as {
      creation_rules?: unknown;
    };
    return Array.isArray(rules) ? rules.filter((rule) => typeof rule === "object" && rule !== null) : [];
  } catch {
    return [];
  }
}

/** Read alone and without its path, so that it is the rule for every file. */
function ruleOf(entry: Entry, index: number): SopsRule {
  const { path_regex: path, ...rest } = entry;
  const rule = new SopsConfig(stringify({ creation_rules: [rest] })).ruleFor("any");
  const { name, value } = rule?.selector ?? {};
  return {
    number: index + 1,
    pathRegex: typeof path === "string" ? path : undefined,
    keys: rule?.groups.flat() ?? [],
    groups: rule?.groups.length ?? 0,
    // What sops does by itself looks the same once it is read.
    selector: name !== undefined && value !== undefined && name in rest ? { name, value } : undefined,
  };
}
