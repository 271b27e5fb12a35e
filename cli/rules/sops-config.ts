import { type Document, isNode, LineCounter, parseAllDocuments } from "yaml";
import { type ConfigProblem, type CreationRule, DEFAULT_SELECTOR, SELECTORS } from "./creation-rule";
import { GoRegExp } from "./go-regexp";
import { isMapping, readGroups, type Tell } from "./key-groups";
import { nearest, RULE_NAMES, TOP_NAMES } from "./known-names";

type Mapping = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** A `.sops.yaml`, read as sops 3.13 reads it: the first rule that matches a file is the only one that counts. */
export class SopsConfig {
  /** What sops refuses, and what it ignores without a word. */
  readonly problems: readonly ConfigProblem[];
  /** Whether there is a list of rules at all. Without one, sops behaves as if the file were not there. */
  readonly hasRules: boolean;
  /** In the order in which sops tries them. */
  readonly rules: readonly CreationRule[];

  /** @param text the file's. Never throws: a file that cannot be read as YAML is one problem. */
  constructor(text: string) {
    const problems: ConfigProblem[] = [];
    const lines = new LineCounter();
    // sops reads the first document only.
    const [document] = parseAllDocuments(text, { lineCounter: lines, merge: true, logLevel: "silent" });
    const found = document && "contents" in document ? document : undefined;
    const config = found && found.errors.length === 0 ? contentOf(found, problems) : undefined;
    const lineOf = (path: Path) => (found ? lineAt(found, lines, path) : 1);
    for (const error of found?.errors ?? []) {
      const line = lines.linePos(error.pos[0]).line;
      problems.push({ line, message: `not YAML: ${error.message.split("\n")[0]?.replace(/:$/, "")}` });
    }
    if (isMapping(config)) problems.push(...unknownAtTop(config, lineOf));
    const list = isMapping(config) ? config.creation_rules : undefined;
    this.hasRules = Array.isArray(list);
    if (!this.hasRules && problems.length === 0 && !(isMapping(config) && "destination_rules" in config))
      problems.push({ line: 1, message: "no creation_rules, so that sops behaves as if it were not there" });
    this.rules = (Array.isArray(list) ? list : []).flatMap((entry: unknown, index) => {
      const path = ["creation_rules", index];
      const tell = (message: string, below: Path) =>
        problems.push({ line: lineOf([...path, ...below]), message });
      if (isMapping(entry)) return [readRule(entry, lineOf(path), tell)];
      tell("a rule has to be a mapping", []);
      return [];
    });
    this.problems = problems;
  }

  /** The rule for a file. @param path relative to the folder of this `.sops.yaml`, with `/`. */
  ruleFor(path: string): CreationRule | undefined {
    return this.rules.find(({ pathRegex }) => pathRegex === undefined || pathRegex.test(path));
  }
}

function readRule(entry: Mapping, line: number, tell: Tell): CreationRule {
  for (const name of Object.keys(entry).filter((name) => !RULE_NAMES.includes(name))) {
    const meant = nearest(name, RULE_NAMES);
    tell(`sops does not know ${name} and ignores it${meant ? `; did you mean ${meant}?` : ""}`, [name]);
  }
  const groups = readGroups(entry, tell);
  if (groups.length === 1 && groups[0]?.length === 0 && !Array.isArray(entry.key_groups))
    tell("this rule names no key; sops cannot encrypt with it", []);
  const selectors = Object.keys(entry)
    .flatMap((name) => SELECTORS.filter((selector) => selector === name))
    .filter((name) => entry[name] !== undefined && entry[name] !== null && entry[name] !== "");
  const [second] = selectors.slice(1);
  if (second) tell(`${selectors.join(" and ")} in one rule: sops allows one of them`, [second]);
  const [selector] = selectors;
  const threshold = entry.shamir_threshold;
  if (threshold !== undefined && threshold !== null && !Number.isInteger(threshold))
    tell("shamir_threshold has to be a whole number", ["shamir_threshold"]);
  if (groups.length > 1 && typeof threshold === "number" && threshold > groups.length)
    tell(`shamir_threshold is ${threshold}, but there are ${groups.length} groups`, ["shamir_threshold"]);
  const regexes = ["path_regex", ...(selector?.endsWith("_regex") ? [selector] : [])];
  for (const name of regexes) {
    const why = refusal(entry[name]);
    if (why) tell(`sops refuses this ${name}: ${why}`, [name]);
  }
  const path = entry.path_regex;
  return {
    line,
    // What a refused expression was meant to match is not known.
    ...(typeof path === "string" && path !== "" && { pathRegex: GoRegExp.orNothing(path) }),
    groups,
    shamirThreshold: typeof threshold === "number" && threshold > 0 ? threshold : groups.length,
    selector: selector ? { name: selector, value: String(entry[selector]) } : DEFAULT_SELECTOR,
    // Go's YAML takes these words for true as well.
    macOnlyEncrypted: /^(true|yes|on|y)$/i.test(String(entry.mac_only_encrypted ?? "")),
  };
}

function refusal(source: unknown): string | undefined {
  try {
    if (typeof source === "string") new GoRegExp(source);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Other names at the top are often nothing but a place for YAML anchors; only those that look mistyped are told. */
function unknownAtTop(config: Mapping, lineOf: (path: Path) => number): ConfigProblem[] {
  return Object.keys(config).flatMap((name) => {
    const meant = TOP_NAMES.includes(name) ? undefined : nearest(name, TOP_NAMES);
    if (meant === undefined) return [];
    return [
      { line: lineOf([name]), message: `sops does not know ${name} and ignores it; did you mean ${meant}?` },
    ];
  });
}

/** The line of the deepest part of the path that stands in the file. */
function lineAt(document: Document, lines: LineCounter, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** Undefined where aliases lead nowhere, or multiply beyond what anybody writes. */
function contentOf(document: Document, problems: ConfigProblem[]): unknown {
  try {
    return document.toJS();
  } catch (error) {
    problems.push({
      line: 1,
      message: `not YAML: ${error instanceof Error ? error.message : String(error)}`,
    });
    return undefined;
  }
}
