/** Letters of base64, base64url and hexadecimal, as long as a short token. */
const RUN = /[A-Za-z0-9+/_=-]{20,}/g;
const HEX = /^[0-9a-f]+$/;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** What Pulumi's file backend keeps of a secret, and what everybody may know of a key pair. */
const CIPHERTEXT = /"ciphertext": ?"v1:[^"]*"/g;
const SALT = /"salt": ?"v1:[^"]*"/g;
/** By which Pulumi tells secrets and assets from other values, in every state alike. */
const PULUMI_MARKS = /4dabf18193072939515e22adb298388d|1b47061264138c4ac30d75fd1eb44270/g;
/** As a page's own policy names its styles. */
const CONTENT_HASH = /sha256-[A-Za-z0-9+/]{43}=/g;
const PUBLIC_PEM = /-----BEGIN (CERTIFICATE|PUBLIC KEY)-----.*?-----END \1-----/gs;

/** Bits for each character, above which a run looks like chance: hexadecimal has at most 4, base64 at most 6. */
const CHANCE = { hex: 3.0, other: 4.2 };

/**
 * Runs of characters in a text that look as if chance had made them, each once.
 *
 * @param known values that look so and are public: commits, digests, versions of keys. A run that is one of them, or the beginning of
 * one, is left out.
 */
export function suspicious(text: string, known: Iterable<string>): string[] {
  const all = [...known];
  const plain = [CIPHERTEXT, SALT, PULUMI_MARKS, CONTENT_HASH, PUBLIC_PEM, UUID].reduce(
    (rest, pattern) => rest.replace(pattern, ""),
    text,
  );
  // A token may be chance behind a word: `glptt-…`.
  const parts = (run: string) => [...run.split("/"), ...run.split(/[-_]/)];
  const runs = new Set(plain.match(RUN)?.flatMap(parts).filter(looksRandom));
  return [...runs].filter((run) => !all.some((value) => value.startsWith(run) || run.includes(value)));
}

function looksRandom(run: string): boolean {
  if (run.length < 20 || !/\d/.test(run)) return false;
  return entropyOf(run) >= (HEX.test(run) ? CHANCE.hex : CHANCE.other);
}

/** Shannon's, of the characters as they occur. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce(
    (sum, count) => sum - (count / text.length) * Math.log2(count / text.length),
    0,
  );
}
