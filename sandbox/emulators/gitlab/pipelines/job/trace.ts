import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const MASK = "[MASKED]";

/** The log of one job. What is masked never reaches the disk. */
export class Trace {
  private readonly masked: readonly string[];

  /**
   * @param file made anew.
   * @param secrets replaced wherever they appear; a secret of several lines is replaced line by line.
   */
  constructor(
    private readonly file: string,
    secrets: readonly string[],
  ) {
    const lines = secrets.flatMap((secret) => secret.split(/\r?\n/)).filter((line) => line !== "");
    // A secret that is part of another must not spoil the longer one's replacement.
    this.masked = [...new Set(lines)].sort((one, other) => other.length - one.length);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, "", { mode: 0o600 });
  }

  line(text: string): void {
    const shown = this.masked.reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
    appendFileSync(this.file, `${shown}\n`);
  }
}

/** What a job has written so far; empty for one that has not begun. */
export function readTrace(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
