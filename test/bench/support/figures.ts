import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = join(__dirname, "..", "..", "..", "docs", "benchmarks.md");
const BEGIN = "<!-- bench:begin -->";
const END = "<!-- bench:end -->";

/**
 * Puts sections into the generated part of docs/benchmarks.md. A section of the same name is replaced, the others stay,
 * so that one benchmark can be run again by itself. `order` says how they follow each other.
 */
export function writeFigures(sections: ReadonlyMap<string, string>, order: readonly string[]): void {
  const text = readFileSync(FILE, "utf8");
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`docs/benchmarks.md has no ${BEGIN} … ${END}; put the two lines back`);
  }
  const all = new Map([...sectionsOf(text.slice(begin + BEGIN.length, end)), ...sections]);
  const body = order.flatMap((name) => {
    const section = all.get(name);
    return section === undefined ? [] : [`<!-- bench: ${name} -->\n${section}`];
  });
  writeFileSync(FILE, `${text.slice(0, begin)}${BEGIN}\n${body.join("\n\n")}\n${text.slice(end)}`);
}

function sectionsOf(block: string): [string, string][] {
  const [, ...parts] = block.split(/^<!-- bench: ([\w-]+) -->\n/m);
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    pairs.push([parts[index] ?? "", (parts[index + 1] ?? "").trim()]);
  }
  return pairs;
}
