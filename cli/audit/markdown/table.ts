/** Rows of one table: the whole is in the JSON report. */
const SHOWN = 25;

/** A table, or nothing without items. Cells have to be escaped already. */
export function table<T>(
  heads: readonly string[],
  items: readonly T[],
  cellsOf: (item: T) => readonly string[],
): string[] {
  if (items.length === 0) return [];
  const rows = [heads, heads.map(() => "---"), ...items.slice(0, SHOWN).map(cellsOf)];
  const more = items.length - SHOWN;
  return [
    rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n"),
    ...(more > 0 ? [`… and ${more} more, left out here; \`--format json\` has them.`] : []),
  ];
}

/** Blocks under a heading, or nothing without them. */
export function section(title: string, blocks: readonly string[]): string[] {
  return blocks.length === 0 ? [] : [`### ${title}`, ...blocks];
}

/** The same, folded. */
export function folded(title: string, blocks: readonly string[]): string[] {
  return blocks.length === 0 ? [] : [`<details><summary>${title}</summary>`, ...blocks, "</details>"];
}
