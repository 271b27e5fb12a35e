/** A line for people in parts, so that names, which strangers choose, are told apart from our own words. */
export type Sentence = readonly (string | { readonly name: string })[];

/** Template tag: what is filled in is a name, unless it is a sentence itself. */
export function says(
  words: TemplateStringsArray,
  ...filled: readonly (string | number | Sentence)[]
): Sentence {
  return words.flatMap((word, at) => {
    const part = filled[at];
    if (part === undefined) return [word];
    return typeof part === "object" ? [word, ...part] : [word, { name: String(part) }];
  });
}

/** The names, a comma between each two; of many the first only, and how many more. */
export function listOf(names: readonly string[], shown = 5): Sentence {
  const more = names.length > shown ? [` and ${names.length - shown} more`] : [];
  return [
    ...names.slice(0, shown).flatMap((name, at) => (at === 0 ? [{ name }] : [", ", { name }])),
    ...more,
  ];
}

export function plainOf(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === "string" ? part : part.name)).join("");
}
