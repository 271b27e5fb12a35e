import { readFileSync } from "node:fs";
import type { Clock } from "../clock";
import type { Environment } from "./environment";
import { Problem } from "./environment";

/** How long a file's text is good before it is read again: a rotated Kubernetes Secret takes longer than that to arrive. */
const FRESH_MS = 5_000;
/** What an app setting of Azure Functions holds while its Key Vault reference cannot be resolved. */
const UNRESOLVED = /^@Microsoft\.KeyVault\(/i;

interface SecretTools {
  /** Throws a Problem for a value that cannot be one. */
  readonly check: (value: string) => void;
  readonly readFile: ReadFile;
  readonly clock: Clock;
}

export type ReadFile = (path: string) => string;
export const readText: ReadFile = (path) => readFileSync(path, "utf8");

/** Secrets that hold at the same time: one, or the old and the new one while it is rotated. Files are read again, without a restart. */
export class LiveSecret {
  private readAt: number;

  private constructor(
    private readonly sources: readonly Source[],
    private live: readonly string[],
    private readonly clock: Clock,
  ) {
    this.readAt = clock.now();
  }

  /** One that need not be there: undefined without a word where no variable of it is set. */
  static ifSet(env: Environment, name: string, tools: SecretTools): LiveSecret | undefined {
    const all = variablesOf(name).flatMap((variable) => [variable, `${variable}_FILE`]);
    return all.some((variable) => env.text(variable) !== undefined)
      ? LiveSecret.from(env, name, tools)
      : undefined;
  }

  /** From `NAME` or `NAME_FILE`, and `NAME_NEXT` or `NAME_NEXT_FILE` beside it. */
  static from(
    env: Environment,
    name: string,
    { check, readFile, clock }: SecretTools,
  ): LiveSecret | undefined {
    const found = variablesOf(name).flatMap((variable) => {
      const source = sourceOf(env, variable, readFile);
      if (source === undefined) return [];
      const value = env.attempt(source.variable, () => {
        const text = source.read();
        check(text);
        return text;
      });
      return [{ source, value }];
    });
    if (found.length === 0) env.report(name, `is not set, and neither is ${name}_FILE`);
    const values = found.flatMap(({ value }) => (value === undefined ? [] : [value]));
    if (values.length === 0 || values.length < found.length) return undefined;
    return new LiveSecret(
      found.map(({ source }) => source),
      values,
      clock,
    );
  }

  /** At least one, in the order they were given. What cannot be read any more stays as it was. */
  get values(): readonly string[] {
    const now = this.clock.now();
    if (now - this.readAt >= FRESH_MS) {
      this.readAt = now;
      this.live = this.sources.map(({ read }, at) => latest(read) ?? this.live[at] ?? "");
    }
    return this.live;
  }
}

function variablesOf(name: string): readonly string[] {
  return [name, `${name}_NEXT`];
}

interface Source {
  /** The variable that was set. */
  readonly variable: string;
  readonly read: () => string;
}

function sourceOf(env: Environment, name: string, readFile: ReadFile): Source | undefined {
  const value = env.text(name);
  const file = env.text(`${name}_FILE`);
  if (value !== undefined && file !== undefined)
    env.report(name, `is set, and so is ${name}_FILE; leave out one of them`);
  if (value !== undefined) return { variable: name, read: () => resolved(value) };
  if (file === undefined) return undefined;
  return { variable: `${name}_FILE`, read: () => textOf(file, readFile) };
}

function resolved(value: string): string {
  if (UNRESOLVED.test(value))
    throw new Problem(
      "is a Key Vault reference that was not resolved; let the app's identity read that secret (Key Vault Secrets User)",
    );
  return value;
}

function textOf(file: string, readFile: ReadFile): string {
  let text: string;
  try {
    text = readFile(file).trim();
  } catch (error) {
    throw new Problem(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"})`);
  }
  if (text === "") throw new Problem(`${file} is empty`);
  return text;
}

function latest(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
