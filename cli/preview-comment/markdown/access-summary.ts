import type { Grant } from "../access/access";
import type { AccessChange, Compared, KeyFacts, Pair } from "../access/access-change";
import { listOf } from "../sentence";
import { code, sentenceMarkdown } from "./escape";

/** Which key it is about. */
export function keyLines({ before, after }: AccessChange["key"]): string[] {
  const shown = after ?? before;
  if (shown === undefined) return [];
  if (before === undefined || after === undefined || factsOf(before) === factsOf(after))
    return [`With the key ${factsOf(shown)}.`];
  return [`With the key ${factsOf(before)}; **after this** ${factsOf(after)}.`];
}

/** Who gets the right to decrypt, and who loses it, in a word. */
export function decryptLines({ pairs, unknown }: Compared<Grant>): string[] {
  if (unknown.before !== undefined || unknown.after !== undefined) return [];
  const may = (grant: Grant | undefined) => grant?.rights.includes("decrypt") === true;
  const sure = pairs.filter(({ before, after }) => !before?.unknown.length && !after?.unknown.length);
  const gains = sure.filter(({ before, after }) => !may(before) && may(after));
  const loses = sure.filter(({ before, after }) => may(before) && !may(after));
  const line = (words: string, found: readonly Pair<Grant>[]) =>
    found.length > 0 ? [`**${words}:** ${sentenceMarkdown(listOf(found.map(({ name }) => name)))}.`] : [];
  return [...line("Can decrypt from then on", gains), ...line("Can decrypt no more", loses)];
}

function factsOf({ key, type, minDecryptionVersion }: KeyFacts): string {
  const least =
    minDecryptionVersion === undefined ? "a version that is not known" : `version ${minDecryptionVersion}`;
  return `${code(key)} (${type === undefined ? "type not known" : code(type)}, from ${least} on)`;
}
