/** Value of each character of base64 and base64url, or -1. */
const DIGITS = Int8Array.from({ length: 256 }, (_, code) => {
  const text = String.fromCharCode(code).replace("-", "+").replace("_", "/");
  return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".indexOf(text);
});
const NAME = Buffer.from('"value"');
const [QUOTE, COLON, PADDING] = [0x22, 0x3a, 0x3d];

/**
 * The bytes that stand as base64url under `value` in a vault's answer. No text is made on the way: a text stays in memory until it is
 * collected, and only bytes can be cleared. Undefined where there is none, or none that is whole.
 */
export function secretValue(body: Buffer): Buffer | undefined {
  const name = body.indexOf(NAME);
  if (name < 0) return undefined;
  const colon = afterSpace(body, name + NAME.length);
  const quote = afterSpace(body, colon + 1);
  if (body[colon] !== COLON || body[quote] !== QUOTE) return undefined;
  const start = quote + 1;
  let end = body.indexOf(QUOTE, start);
  while (end > start && body[end - 1] === PADDING) end--;
  return end <= start ? undefined : decoded(body, start, end);
}

function decoded(body: Buffer, start: number, end: number): Buffer | undefined {
  if ((end - start) % 4 === 1) return undefined;
  const bytes = Buffer.alloc(Math.floor(((end - start) * 3) / 4));
  let [bits, held, at] = [0, 0, 0];
  for (let index = start; index < end; index++) {
    const digit = DIGITS[body[index] ?? 0] ?? -1;
    if (digit < 0) {
      bytes.fill(0);
      return undefined;
    }
    bits = ((bits << 6) | digit) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = (bits >> held) & 0xff;
  }
  return bytes;
}

function afterSpace(body: Buffer, start: number): number {
  let at = start;
  while (/\s/.test(String.fromCharCode(body[at] ?? 0))) at++;
  return at;
}
