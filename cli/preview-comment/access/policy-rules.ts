/** One path of a policy and what it allows. */
export interface PathRule {
  /** As Vault has it: `*` at the end stands for any rest, `+` for any one segment. */
  readonly path: string;
  readonly capabilities: readonly string[];
}

const TOKEN =
  /\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|("(?:[^"\\\n]|\\.)*")|([A-Za-z_][\w.-]*|-?\d[\w.]*)|([{}[\]=,])/y;

/** What `policy = "…"` stood for before there were capabilities. */
const OLD_POLICIES = new Map<string, readonly string[]>([
  ["deny", ["deny"]],
  ["read", ["read", "list"]],
  ["write", ["create", "read", "update", "delete", "list"]],
  ["sudo", ["create", "read", "update", "delete", "list", "sudo"]],
]);

/** The rules of a policy's text in HCL. Undefined where it cannot be read for certain: a rule that was missed would be a false all-clear. */
export function policyRules(text: string): readonly PathRule[] | undefined {
  const tokens = tokensOf(text);
  return tokens && new Reader(tokens).rules();
}

function tokensOf(text: string): readonly string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    const token = match[1] ?? match[2] ?? match[3];
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}

class Reader {
  private at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  rules(): readonly PathRule[] | undefined {
    const rules: PathRule[] = [];
    while (this.at < this.tokens.length) {
      const rule = this.rule();
      if (rule === undefined) return undefined;
      rules.push(rule);
    }
    return rules;
  }

  private rule(): PathRule | undefined {
    const keyword = this.next();
    const path = textOf(this.next());
    // Templates are filled in by who asks.
    if (!/^"?path"?$/.test(keyword) || path === undefined || path.includes("{{")) return undefined;
    if (this.next() !== "{") return undefined;
    const capabilities: string[] = [];
    while (this.tokens[this.at] !== "}") {
      const key = this.next();
      const name = key.startsWith('"') ? textOf(key) : key;
      if (name === undefined || this.next() !== "=") return undefined;
      const values = this.value();
      if (values === undefined) return undefined;
      if (name === "capabilities") capabilities.push(...values);
      if (name === "policy") capabilities.push(...(OLD_POLICIES.get(values[0] ?? "") ?? []));
    }
    this.at++;
    return { path: path.replace(/^\//, ""), capabilities };
  }

  /** Texts of a value; what is in a block (parameters that are allowed) only narrows, and says nothing about who may. */
  private value(): readonly string[] | undefined {
    const first = this.next();
    if (first === "[" || first === "{") {
      const values: string[] = [];
      for (let depth = 1; depth > 0; ) {
        const token = this.next();
        if (token === "") return undefined;
        if (token === "[" || token === "{") depth++;
        else if (token === "]" || token === "}") depth--;
        else if (first === "[" && depth === 1 && token !== ",") {
          const value = token.startsWith('"') ? textOf(token) : token;
          if (value === undefined) return undefined;
          values.push(value);
        }
      }
      return values;
    }
    return first === "" ? undefined : [textOf(first) ?? first];
  }

  /** Empty at the end. */
  private next(): string {
    return this.tokens[this.at++] ?? "";
  }
}

function textOf(token: string): string | undefined {
  if (!token.startsWith('"')) return undefined;
  try {
    return String(JSON.parse(token));
  } catch {
    return undefined;
  }
}
