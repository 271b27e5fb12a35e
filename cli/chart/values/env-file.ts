/** A variable of an env file. */
export interface FileVariable {
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

export interface EnvFile {
  readonly variables: ReadonlyMap<string, FileVariable>;
  /** One line each, with the line of the file; never a value. */
  readonly problems: readonly string[];
}

const NAME = /[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/y;
const NOTHING = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
/** After a value a remark needs a space before it: `half#secret` is one word. */
const END = /[ \t]*(?:\r?\n|$)|[ \t]+#[^\n]*(?:\n|$)/y;
const QUOTED = /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"/y;
const BARE = /[^\s'"`#$\\]*/y;

/**
 * Variables as a shell would read them: `NAME=value`, `'…'` as it stands, `"…"` with \n, \t, \", \\ and \$. Readers of such files differ in
 * what an unquoted `#`, `$` or space means, and half a secret is worse than none: these are refused here.
 *
 * @param name of the file, for problems.
 */
export function readEnvFile(name: string, text: string): EnvFile {
  const variables = new Map<string, FileVariable>();
  const problems: string[] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  let line = 1;
  while (at < text.length) {
    const begun = at;
    if (!take(NOTHING)) {
      const problem = readLine(take, line, variables);
      if (problem !== undefined) {
        problems.push(`${name}:${line}: ${problem}`);
        const end = text.indexOf("\n", at);
        at = end === -1 ? text.length : end + 1;
      }
    }
    for (let index = begun; index < at; index++) if (text[index] === "\n") line++;
  }
  return { variables, problems };
}

function readLine(
  take: (pattern: RegExp) => RegExpExecArray | null,
  line: number,
  variables: Map<string, FileVariable>,
): string | undefined {
  const [, name] = take(NAME) ?? [];
  if (name === undefined) return "no NAME=value; begin a remark with #";
  const quoted = take(QUOTED);
  const value = quoted ? (quoted[1] ?? unescaped(quoted[2] ?? "")) : (take(BARE)?.[0] ?? "");
  if (!take(END))
    return `${name} holds a space, a quote, # or another character that a shell reads in its own way, or its quote is not closed; put the value into single quotes`;
  if (variables.has(name)) return `${name} is set at line ${variables.get(name)?.line} already`;
  variables.set(name, { value, line });
  return undefined;
}

function unescaped(text: string): string {
  const known: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
  return text.replace(/\\([\s\S])/g, (whole, character: string) =>
    /["\\$`]/.test(character) ? character : (known[character] ?? whole),
  );
}
