import { code } from "../../preview-comment/markdown/escape";
import { minuteOf } from "../duration";
import type { Changes } from "../report-schema";
import { rightWords } from "./rights";
import { section } from "./table";

/** Lines of one kind. */
const SHOWN = 10;

/** What is different, rights first. */
export function changesSection(changes: Changes | undefined): string[] {
  if (changes === undefined) return [];
  const { gained, lost, keys, deliveries, findings, files } = changes;
  const rights = (word: string) => (change: Changes["gained"][number]) => {
    const may = rightWords(change.rights).join(", ");
    return `**${word}:** ${code(change.identityName)} may ${may} by ${code(change.keyName)}`;
  };
  const finding = (word: string) => (each: Changes["findings"]["new"][number]) =>
    `${word}: ${each.severity} ${code(each.id)}, ${code(each.where)}`;
  const [before, after] = files?.stale ?? [0, 0];
  const lines = [
    ...listed(gained, rights("Gained")),
    ...listed(lost, rights("Lost")),
    ...listed(keys, ({ key, what }) => `Key ${code(key)}: ${code(what)}`),
    ...listed(deliveries.new, (name) => `Flux decrypts ${code(name)} from now on`),
    ...listed(deliveries.gone, (name) => `Flux decrypts ${code(name)} no more`),
    ...listed(deliveries.changed, (name) => `Flux decrypts ${code(name)} in another way`),
    ...listed(findings.new, finding("New finding")),
    ...listed(findings.gone, finding("Mended")),
    ...(before === after ? [] : [`- Stale files: ${before} → ${after}`]),
  ];
  const said = lines.length === 0 ? ["Nothing has changed."] : [lines.join("\n")];
  return section(`Since ${minuteOf(changes.since)}`, said);
}

function listed<T>(items: readonly T[], lineOf: (item: T) => string): string[] {
  const more = items.length - SHOWN;
  return [
    ...items.slice(0, SHOWN).map((item) => `- ${lineOf(item)}`),
    ...(more > 0 ? [`- … and ${more} more of these`] : []),
  ];
}
