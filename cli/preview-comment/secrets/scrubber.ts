import { masked } from "./masks";
import { isObject, SECRET } from "./pulumi-values";

/** Shorter ones, and plain words, would tear holes into texts that have nothing to do with them. */
const SHORTEST = 8;
const LONG = 16;

/** Takes out of every text what looks like a token, and what is known to be a secret from elsewhere. */
export class Scrubber {
  /** By their beginnings, so that a text is searched once for all of them. */
  private readonly byStart = new Map<string, string[]>();

  /** @param secrets in clear: a value that is hidden in one place must not stand in a message. */
  constructor(secrets: Iterable<string>) {
    for (const secret of new Set(secrets)) {
      if (!isTelling(secret)) continue;
      const start = secret.slice(0, SHORTEST);
      this.byStart.set(start, [...(this.byStart.get(start) ?? []), secret]);
    }
    for (const same of this.byStart.values()) same.sort((a, b) => b.length - a.length);
  }

  text(text: string): string {
    return masked(this.withoutKnown(text));
  }

  /** The same value with every text in it scrubbed, names too. */
  all<T>(value: T): T;
  all(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((each) => this.all(each));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [this.text(name), this.all(each)]));
  }

  private withoutKnown(text: string): string {
    if (this.byStart.size === 0 || text.length < SHORTEST) return text;
    let clean = "";
    let done = 0;
    for (let at = 0; at + SHORTEST <= text.length; at++) {
      const secret = this.byStart
        .get(text.slice(at, at + SHORTEST))
        ?.find((candidate) => text.startsWith(candidate, at));
      if (secret === undefined) continue;
      clean += `${text.slice(done, at)}${SECRET}`;
      done = at + secret.length;
      at = done - 1;
    }
    return `${clean}${text.slice(done)}`;
  }
}

function isTelling(secret: string): boolean {
  if (secret.length < SHORTEST || secret === SECRET) return false;
  return secret.length >= LONG || /\d/.test(secret) || (/[a-z]/.test(secret) && /[A-Z]/.test(secret));
}
