import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RE2JS } from "re2js";
import { describe, expect, test } from "vitest";
import { type Document, parseAllDocuments } from "yaml";

const ROOT = join(__dirname, "..", "..", "..");
const DOCS = readFileSync(join(ROOT, "docs", "pipelines.md"), "utf8");
/** Those of the deploy repository, and the program's own. */
const COMPONENTS = ["chart", "rewrap", "status", "pulumi"];

interface Input {
  readonly description: string;
  readonly default?: unknown;
  readonly regex?: string;
}

interface Job {
  readonly script?: readonly string[];
  readonly rules?: readonly { readonly if: string }[];
}

function textOf(component: string): string {
  return readFileSync(join(ROOT, "pipelines", `${component}.yml`), "utf8");
}

/** The header and the jobs. */
function documentsOf(component: string): unknown[] {
  return (parseAllDocuments(textOf(component)) as Document[]).map((document) => document.toJS());
}

function inputsOf(component: string): readonly (readonly [string, Input])[] {
  const [header] = documentsOf(component) as [{ spec: { inputs: Record<string, Input> } }];
  return Object.entries(header.spec.inputs);
}

function jobsOf(component: string): readonly Job[] {
  const [, jobs] = documentsOf(component) as [unknown, Record<string, Job>];
  return Object.values(jobs);
}

function usedIn(text: string): (string | undefined)[] {
  return [...text.matchAll(/\$\[\[ inputs\.([\w-]+) \]\]/g)].map(([, name]) => name);
}

/** Rows of the table under a component's heading in docs/pipelines.md. */
function documented(component: string): string[] {
  const inputs = DOCS.slice(DOCS.indexOf("\n## Inputs\n"));
  const [, section = ""] = inputs.split(`\n### ${component}\n`);
  const rows = (section.split("\n### ")[0] ?? "").split("\n").filter((line) => line.startsWith("| `"));
  return rows;
}

function rowOf([name, input]: readonly [string, Input]): string {
  const { default: value, description } = input;
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  const otherwise = "default" in input ? (shown === "" ? "empty" : `\`${shown}\``) : "required";
  return `| \`${name}\` | ${otherwise} | ${description} |`;
}

describe.each(COMPONENTS)("the component %s", (component) => {
  test("has the inputs that docs/pipelines.md lists, with their defaults and meanings", () => {
    expect(documented(component)).toEqual(inputsOf(component).map(rowOf));
  });

  test("uses every input, and none that it does not have", () => {
    expect([...new Set(usedIn(textOf(component)))].sort()).toEqual(
      inputsOf(component)
        .map(([name]) => name)
        .sort(),
    );
  });

  test("lets nothing into a script or a rule that a shell or GitLab would read in its own way", () => {
    const lines = jobsOf(component).flatMap(({ script = [], rules = [] }) => [
      ...script,
      ...rules.map((rule) => rule.if),
    ]);
    const names = usedIn(lines.join("\n"));
    const guarded = inputsOf(component).filter(([name]) => names.includes(name));
    expect(guarded.length).toBeGreaterThan(0);
    for (const [name, { regex = "" }] of guarded)
      for (const strange of ['a"b', "a$(id)", "a`id`", "a;id", "a\nb", "a' b", "a|b", "$CI_JOB_TOKEN", "a&b"])
        expect([name, strange, RE2JS.compile(regex).matcher(strange).find()]).toEqual([name, strange, false]);
  });
});
