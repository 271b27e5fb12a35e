import { expect } from "vitest";
import { commented } from "./commented";

/** In no place of any output may this be found, nor its base64. */
export const CANARY = "c4nary-Val0e-77";
export const ENCODED = Buffer.from(CANARY).toString("base64");

/** Neither in the comment nor in the report. */
export function expectNone(text: string): void {
  const { markdown, json } = commented(text);
  for (const shown of [markdown, json]) {
    expect(shown).not.toContain(CANARY);
    expect(shown).not.toContain(ENCODED);
  }
}
