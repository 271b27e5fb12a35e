/** Orders versions for people: by number where they are numbers, else as texts, which says nothing about their age. */
export function compareVersions(one: string, other: string): number {
  const difference = Number(one) - Number(other);
  if (!Number.isNaN(difference)) return difference;
  return one < other ? -1 : one > other ? 1 : 0;
}
