import { createHash, randomBytes } from "node:crypto";

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A personal access token: `glpat-` and 20 letters. */
export function newAccessToken(): string {
  return `glpat-${letters(20)}`;
}

/** A pipeline trigger token: `glptt-` and 40 hexadecimal digits. */
export function newTriggerToken(): string {
  return `glptt-${randomBytes(20).toString("hex")}`;
}

/** A job token: `glcbt-` and letters. */
export function newJobToken(): string {
  return `glcbt-${letters(32)}`;
}

export function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function letters(count: number): string {
  let text = "";
  while (text.length < count) {
    // Bytes past the last whole multiple would favour the first letters.
    for (const byte of randomBytes(count)) if (byte < 248) text += LETTERS[byte % 62];
  }
  return text.slice(0, count);
}
