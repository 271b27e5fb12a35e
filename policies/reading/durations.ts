const DAYS: Readonly<Record<string, number>> = { Y: 365, M: 30, W: 7, D: 1 };

/** Days of a duration as Azure writes it, such as `P90D` or `P1Y`; undefined where it is none. */
export function isoDays(text: string): number | undefined {
  if (!/^P(\d+[YMWD])+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)([YMWD])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (DAYS[unit ?? ""] ?? 0),
    0,
  );
}

export const DAY = 24 * 3600;
