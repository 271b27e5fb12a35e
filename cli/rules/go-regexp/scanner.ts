import { GoRegExpError } from "./syntax";

/** A text that is read from left to right, by code points. */
export class Scanner {
  protected readonly characters: readonly string[];
  protected at = 0;

  constructor(source: string) {
    this.characters = [...source];
  }

  protected get next(): string | undefined {
    return this.characters[this.at];
  }

  protected looksAt(text: string): boolean {
    return this.characters.slice(this.at, this.at + text.length).join("") === text;
  }

  protected take(text: string): boolean {
    if (!this.looksAt(text)) return false;
    this.at += text.length;
    return true;
  }

  protected takeUntil(end: string, what: string): string {
    const from = this.at;
    while (this.at < this.characters.length) {
      if (this.take(end)) return this.characters.slice(from, this.at - end.length).join("");
      this.at++;
    }
    throw new GoRegExpError(what);
  }

  protected takeTwo(): string {
    this.at += 2;
    return this.characters.slice(this.at - 2, this.at).join("");
  }
}

/** The code point of a character; 0 where there is none. */
export function code(character: string): number {
  return character.codePointAt(0) ?? 0;
}
