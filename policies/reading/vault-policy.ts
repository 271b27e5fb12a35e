import type { Reader } from "../values/reader";

/** A path of Vault's API and what a policy allows on it. */
export interface Grant {
  readonly path: string;
  readonly capabilities: readonly string[];
}

/** What the old `policy = "write"` in a path's block means. */
const OLD_WORDS: Readonly<Record<string, readonly string[]>> = {
  deny: ["deny"],
  read: ["read", "list"],
  write: ["create", "read", "update", "delete", "list"],
  sudo: ["create", "read", "update", "delete", "list", "sudo"],
};

/**
 * What the text of a Vault policy grants, in its order. HCL and JSON, as Vault takes both. Throws NotDecidable for a text that is neither.
 */
export function grantsOf(policy: Reader): readonly Grant[] {
  const text = policy.text() ?? "";
  const grants = /^\s*\{/.test(text) ? fromJson(text) : fromHcl(text);
  if (grants === undefined) throw policy.trouble("form");
  return grants;
}

function fromJson(text: string): Grant[] | undefined {
  try {
    const { path = {} } = JSON.parse(text) as {
      path?: Record<string, { capabilities?: string[]; policy?: string }>;
    };
    return Object.entries(path).map(([each, { capabilities = [], policy = "" }]) => ({
      path: each,
      capabilities: [...capabilities, ...(OLD_WORDS[policy] ?? [])],
    }));
  } catch {
    return undefined;
  }
}

/** Comments, texts, names and numbers, and the signs between them. */
const TOKENS = /\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|[\w.-]+|[{}[\]=,]/y;

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

function fromHcl(text: string): Grant[] | undefined {
  const tokens = tokensOf(text);
  if (!tokens) return undefined;
  const grants: Grant[] = [];
  for (let at = 0; at < tokens.length; ) {
    const name = tokens[at];
    if (tokens[at + 1] === "=") {
      // Such as `name = "…"`, which Vault ignores.
      at += 3;
      continue;
    }
    const path = unquoted(tokens[at + 1]);
    const end = endOfBlock(tokens, at + 2);
    if (name !== "path" || path === undefined || end === undefined) return undefined;
    grants.push({ path, capabilities: capabilitiesIn(tokens.slice(at + 3, end)) });
    at = end + 1;
  }
  return grants;
}

/** Where the block that opens here closes. */
function endOfBlock(tokens: readonly string[], open: number): number | undefined {
  if (tokens[open] !== "{") return undefined;
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at] === "{") depth += 1;
    if (tokens[at] === "}") depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

/** Only those of the block itself, not of what is nested in it, such as `allowed_parameters`. */
function capabilitiesIn(tokens: readonly string[]): string[] {
  const found: string[] = [];
  let depth = 0;
  tokens.forEach((token, at) => {
    if (token === "{") depth += 1;
    if (token === "}") depth -= 1;
    if (depth > 0 || tokens[at + 1] !== "=") return;
    if (token === "policy") found.push(...(OLD_WORDS[unquoted(tokens[at + 2]) ?? ""] ?? []));
    if (token === "capabilities" && tokens[at + 2] === "[") {
      const list = tokens.slice(at + 3, tokens.indexOf("]", at));
      found.push(...list.flatMap((each) => unquoted(each) ?? []));
    }
  });
  return found;
}

function unquoted(token: string | undefined): string | undefined {
  return token?.startsWith('"') ? token.slice(1, -1).replace(/\\(.)/g, "$1") : undefined;
}
