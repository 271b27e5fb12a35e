/** A text, number or name; a list; or the items of an object. */
export type HclValue = string | readonly HclValue[] | HclObject;

/** Items in their order: HCL takes a key more than once, and each counts. */
export interface HclObject {
  readonly items: readonly HclItem[];
}

/** `keys = value`, or a block with its labels. */
export interface HclItem {
  readonly keys: readonly string[];
  readonly value: HclValue;
}

/** Comments, texts, names and numbers, and the signs between them. */
const TOKENS = /\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|[\w.-]+|[{}[\]=:,]/y;

/**
 * What is written in HCL's first version, or in JSON as it takes that. Undefined for a text that is neither, or that has what is not read
 * here (heredocs, escapes that JSON has not): what was missed would be a false all-clear.
 */
export function parseHcl(text: string): HclObject | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  const isJson = tokens[0] === "{";
  const parser = new Parser(isJson ? tokens.slice(1) : tokens);
  return parser.whole(isJson ? "}" : undefined);
}

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < text.length) {
    const [token] = TOKENS.exec(text) ?? [];
    if (token === undefined) return undefined;
    if (!/^(\s|#|\/)/.test(token)) tokens.push(token);
  }
  return tokens;
}

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  /** @param close what the whole text ends with; undefined: nothing */
  whole(close: "}" | undefined): HclObject | undefined {
    const found = this.object(close);
    return this.at === this.tokens.length ? found : undefined;
  }

  private object(close: "}" | undefined): HclObject | undefined {
    const items: HclItem[] = [];
    while (this.tokens[this.at] !== close) {
      const item = this.item();
      if (item === undefined) return undefined;
      items.push(item);
      if (this.tokens[this.at] === ",") this.at += 1;
    }
    if (close !== undefined) this.at += 1;
    return { items };
  }

  private item(): HclItem | undefined {
    const keys: string[] = [];
    for (let key = this.text(); key !== undefined; key = this.text()) keys.push(key);
    const sign = this.tokens[this.at];
    if (sign === "=" || sign === ":") this.at += 1;
    else if (sign !== "{") return undefined;
    const value = keys.length > 0 ? this.value() : undefined;
    return value === undefined ? undefined : { keys, value };
  }

  private value(): HclValue | undefined {
    const token = this.tokens[this.at];
    if (token !== "{" && token !== "[") return this.text();
    this.at += 1;
    return token === "{" ? this.object("}") : this.list();
  }

  private list(): readonly HclValue[] | undefined {
    const values: HclValue[] = [];
    while (this.tokens[this.at] !== "]") {
      const value = this.value();
      if (value === undefined) return undefined;
      values.push(value);
      if (this.tokens[this.at] === ",") this.at += 1;
    }
    this.at += 1;
    return values;
  }

  /** Undefined at a sign, at the end, and at a text that cannot be read; then nothing is taken. */
  private text(): string | undefined {
    const token = this.tokens[this.at];
    if (token === undefined || /^[{}[\]=:,]$/.test(token)) return undefined;
    const text = token.startsWith('"') ? unquoted(token) : token;
    if (text !== undefined) this.at += 1;
    return text;
  }
}

function unquoted(token: string): string | undefined {
  try {
    return String(JSON.parse(token));
  } catch {
    return undefined;
  }
}
