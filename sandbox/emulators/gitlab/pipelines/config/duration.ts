const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:s|secs?|seconds?)$/, 1],
  [/^(?:m|mins?|minutes?)$/, 60],
  [/^(?:h|hrs?|hours?)$/, 3_600],
  [/^(?:d|days?)$/, 86_400],
  [/^(?:w|wks?|weeks?)$/, 604_800],
];

/** Seconds of a length of time as GitLab reads it: `90`, `10 minutes`, `1h 30m`, `2 hours and 5 minutes`. Undefined when it says nothing. */
export function secondsOf(text: string): number | undefined {
  const words = text.toLowerCase().replaceAll(/,|\band\b/g, " ");
  if (/^\s*\d+\s*$/.test(words)) return Number(words);
  const parts = [...words.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)];
  if (words.replaceAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g, "").trim() !== "") return undefined;
  let seconds = 0;
  for (const [, amount, word = ""] of parts) {
    const unit = UNITS.find(([spelling]) => spelling.test(word));
    if (!unit) return undefined;
    seconds += Number(amount) * unit[1];
  }
  return parts.length > 0 ? seconds : undefined;
}

/** Seconds in the words of a runner's log: `1h0m30s`. */
export function spellSeconds(seconds: number): string {
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
