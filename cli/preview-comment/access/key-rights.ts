import type { PathRule } from "./policy-rules";

/** What may be done with a key, what matters most first: path of Vault's API, and the capabilities that each suffice. */
const RIGHTS = {
  decrypt: ["decrypt/:key", "update"],
  export: ["export/encryption-key/:key", "read"],
  backup: ["backup/:key", "read"],
  "data keys in clear": ["datakey/plaintext/:key", "update"],
  delete: ["keys/:key", "delete"],
  configure: ["keys/:key/config", "update"],
  rotate: ["keys/:key/rotate", "update"],
  encrypt: ["encrypt/:key", "create", "update"],
  rewrap: ["rewrap/:key", "update"],
  hmac: ["hmac/:key", "update"],
  "read versions": ["keys/:key", "read"],
} as const;

export type Right = keyof typeof RIGHTS;

/** What rules of all the policies of one token together allow on a transit key. */
export function keyRights(rules: readonly PathRule[], mount: string, key: string): Right[] {
  return (Object.keys(RIGHTS) as Right[]).filter((right) => {
    const [path, ...enough] = RIGHTS[right];
    const has = capabilitiesAt(rules, `${mount}/${path.replace(":key", key)}`);
    return !has.has("deny") && enough.some((capability) => has.has(capability));
  });
}

/** The most specific path decides alone; the same path in several policies allows what any of them does, unless one denies. */
export function capabilitiesAt(rules: readonly PathRule[], path: string): ReadonlySet<string> {
  const fitting = rules.filter((rule) => fits(rule.path, path)).sort((a, b) => specificity(b.path, a.path));
  const [best] = fitting;
  return new Set(
    fitting.filter((rule) => rule.path === best?.path).flatMap(({ capabilities }) => capabilities),
  );
}

function fits(pattern: string, path: string): boolean {
  if (!/[+*]/.test(pattern)) return pattern === path;
  const isOpen = pattern.endsWith("*");
  const wanted = (isOpen ? pattern.slice(0, -1) : pattern).split("/");
  const segments = path.split("/");
  if (segments.length < wanted.length || (!isOpen && segments.length !== wanted.length)) return false;
  return wanted.every((part, at) => {
    const segment = segments[at] ?? "";
    if (part === "+") return true;
    return isOpen && at === wanted.length - 1 ? segment.startsWith(part) : part === segment;
  });
}

/** Below zero where the first pattern gives way to the second, in the order of Vault's own rules of priority. */
function specificity(one: string, other: string): number {
  const facts = [one, other].map((pattern) => ({
    wild: firstWildcard(pattern),
    isOpen: pattern.endsWith("*"),
    pluses: pattern.split("/").filter((part) => part === "+").length,
    pattern,
  }));
  const [a, b] = facts;
  if (a === undefined || b === undefined) return 0;
  return (
    a.wild - b.wild ||
    Number(b.isOpen) - Number(a.isOpen) ||
    b.pluses - a.pluses ||
    a.pattern.length - b.pattern.length ||
    (a.pattern < b.pattern ? -1 : a.pattern > b.pattern ? 1 : 0)
  );
}

/** Where it begins to be open. An exact path never is, and so comes before all others. */
function firstWildcard(pattern: string): number {
  const at = /(?:^|\/)\+(?=\/|$)|\*$/.exec(pattern);
  return at === null ? Number.MAX_SAFE_INTEGER : at.index;
}
