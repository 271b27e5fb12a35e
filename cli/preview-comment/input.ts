import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "../errors/cli-error";
import type { Io } from "../io";
import { isObject, ownProperty, type PlainObject, plainValue } from "./secrets/pulumi-values";

/** Where a preview may come from beside a file. */
export interface Input extends AsyncIterable<string | Uint8Array> {
  readonly isTTY?: boolean;
}

/** @throws CliError (2) where somebody sits at the terminal and waits. */
export async function textOf(input: Input): Promise<string> {
  if (input.isTTY)
    throw new CliError(
      "no preview given; name a file, or: pulumi preview --json | sopsloop preview-comment",
      2,
    );
  const parts: Buffer[] = [];
  for await (const part of input) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString("utf8");
}

/** @throws CliError (2) where it cannot be read. */
export function fileText(file: string, { cwd }: Pick<Io, "cwd">): string {
  try {
    return readFileSync(resolve(cwd, file), "utf8");
  } catch (error) {
    throw new CliError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code}); name a file`, 2);
  }
}

/** The output `audit` of a stack, alone or among all outputs, as plain JSON. @throws CliError (2) for anything else. */
export function auditFile(file: string, io: Pick<Io, "cwd">): PlainObject {
  const value = plainValue(jsonOf(fileText(file, io)));
  const audit = isObject(value) ? (ownProperty(value, "audit") ?? value) : undefined;
  if (isObject(audit) && Array.isArray(audit.roles)) return audit;
  throw new CliError(
    `--old-audit ${file}: is no audit report; write it with: pulumi stack output audit --json`,
    2,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
