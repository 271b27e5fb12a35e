import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { DeclaredKey } from "../mapping/declared-secret";
import { alreadyEncrypted } from "./already-encrypted";
import type { Variables } from "./variables";

/** The bytes of a value; why there are none, without any part of the value; or neither, where an optional variable is not set. */
export type Value = { readonly bytes: Buffer } | { readonly problem: string } | undefined;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** @param cwd what the name in a variable of form `file` is relative to. */
export function readValue(
  { variable, form, optional }: DeclaredKey,
  variables: Variables,
  cwd: string,
): Value {
  const text = variables.get(variable);
  if (text === undefined)
    return optional
      ? undefined
      : { problem: `${variable} is not set; set it, or declare the key as optional: true` };
  if (text === "") return { problem: `${variable} is set, but empty; give it a value, or unset it` };
  const read = form === "file" ? contentOf(variable, resolve(cwd, text)) : decoded(variable, form, text);
  if ("problem" in read) return read;
  const isText = form === "line" || form === "lines";
  const held = isText ? text : isUtf8(read.bytes) ? read.bytes.toString("utf8") : undefined;
  const encrypted = held === undefined ? undefined : alreadyEncrypted(held);
  return encrypted === undefined
    ? read
    : { problem: `${variable} holds ${encrypted}; give it the value itself, which is encrypted here` };
}

function decoded(
  variable: string,
  form: "line" | "lines" | "base64",
  text: string,
): { bytes: Buffer } | { problem: string } {
  // What Node puts for bytes that are no UTF-8.
  if (text.includes("\ufffd"))
    return { problem: `${variable} holds bytes that are not UTF-8; give them as base64, with form: base64` };
  if (form === "base64") {
    const dense = text.replace(/\s+/g, "");
    return BASE64.test(dense) && dense !== ""
      ? { bytes: Buffer.from(dense, "base64") }
      : { problem: `${variable} is not base64; make it by: base64 -w0 <file>` };
  }
  if (form === "line" && /[\r\n]/.test(text)) return { problem: `${variable} ${linesIn(text)}` };
  return { bytes: Buffer.from(text, "utf8") };
}

function linesIn(text: string): string {
  const inner = text.replace(/(\r?\n|\r)+$/, "");
  return /[\r\n]/.test(inner)
    ? `holds ${inner.split(/\r?\n|\r/).length} lines where one is declared; if that is right, declare it with form: lines`
    : "ends in a line end; take it off, or declare it with form: lines to keep it";
}

function contentOf(variable: string, file: string): { bytes: Buffer } | { problem: string } {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > 0) return { bytes };
    return { problem: `${variable} names a file that is empty` };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "error";
    return {
      problem: `${variable} is declared with form: file, but names no file that can be read (${code}); is it a variable of type file?`,
    };
  }
}
