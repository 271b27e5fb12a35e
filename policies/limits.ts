import * as z from "zod";
import type { Subject } from "./values/subject";

/** Limits that several rules share. */
export const productionStacks = z
  .array(z.string().min(1))
  .default(["prod", "production"])
  .describe("Names of production stacks, or parts of names between dashes: prod also means eu-prod.");

/** Whether the resource belongs to a production stack. */
export function isProduction(subject: Subject, stacks: readonly string[]): boolean {
  return isOneOf(subject.stack, stacks);
}

/** Whether a name, or a part of it between dashes, dots or slashes, is one of the words. */
export function isOneOf(name: string, words: readonly string[]): boolean {
  return words.includes(name) || name.split(/[-_./]/).some((part) => words.includes(part));
}

export const days = (what: string, value: number) =>
  z.number().int().min(1).default(value).describe(`${what}, in days.`);
