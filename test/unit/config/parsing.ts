import { type ConfigSurroundings, type ParsedSettings, parseConfig } from "../../../components/config/parse";
import { CERTIFICATE } from "./sample";

const FILES: Readonly<Record<string, string>> = { "ca.pem": CERTIFICATE, "empty.pem": "" };

/** A project folder with two files in it, and a stack that stores everything encrypted. */
export const SURROUNDINGS: ConfigSurroundings = {
  readFile: (path) => {
    const text = FILES[path];
    if (text === undefined) throw new Error("no such file");
    return text;
  },
  isSecret: () => true,
};

export const parse = (raw: Record<string, unknown>): ParsedSettings => parseConfig(raw, SURROUNDINGS);

export function errorsOf(raw: Record<string, unknown>): readonly string[] {
  const parsed = parse(raw);
  return parsed.ok ? [] : parsed.errors;
}
