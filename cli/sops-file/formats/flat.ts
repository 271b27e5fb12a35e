import { asIs, type Copies, type Leaf } from "../leaf";

/** `sops_hc_vault__list_0__map_enc=vault:v1:…`: metadata of dotenv files. Undefined where there is none. */
export function dotenvMetadata(content: string): Copies | undefined {
  const leaves: Leaf[] = [];
  for (let at = startOfLine(content, "sops_", 0); at >= 0; at = startOfLine(content, "sops_", at + 1)) {
    const end = endOfLine(content, at);
    const equals = content.indexOf("=", at);
    if (equals < 0 || equals >= end) continue;
    leaves.push(leaf(content, content.slice(at + "sops_".length, equals), equals + 1, end));
  }
  return leaves.length > 0 ? [leaves] : undefined;
}

const SECTION = /^\[[^\]\n]*\]/;

/** The section `[sops]` of an INI file: the same names as in dotenv files, without the prefix. Undefined where there is none. */
export function iniMetadata(content: string): Copies | undefined {
  const section = startOfLine(content, "[sops]", 0);
  if (section < 0) return undefined;
  const leaves: Leaf[] = [];
  for (let at = nextLine(content, section); at < content.length; at = nextLine(content, at)) {
    const end = endOfLine(content, at);
    const line = content.slice(at, end);
    if (SECTION.test(line)) break;
    const [, name, gap, value] = /^\s*([^\s=;#]+)(\s*=\s*)(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || gap === undefined || value === undefined) continue;
    const start = at + line.indexOf(name) + name.length + gap.length;
    leaves.push(leaf(content, name, start, start + value.length));
  }
  return leaves.length > 0 ? [leaves] : undefined;
}

function leaf(content: string, name: string, start: number, end: number): Leaf {
  const path = name.replace(/__(?:list|map)_/g, ".");
  return {
    path,
    value: content.slice(start, end).replaceAll("\\n", "\n"),
    span: { start, end },
    source: asIs,
  };
}

/** Offset of the next line that begins with `text`, from `from` on; -1 where there is none. */
function startOfLine(content: string, text: string, from: number): number {
  if (from === 0 && content.startsWith(text)) return 0;
  const before = content.indexOf(`\n${text}`, Math.max(from - 1, 0));
  return before < 0 ? -1 : before + 1;
}

function nextLine(content: string, at: number): number {
  const end = content.indexOf("\n", at);
  return end < 0 ? content.length : end + 1;
}

/** Without the line end, be it LF or CRLF. */
function endOfLine(content: string, at: number): number {
  const found = content.indexOf("\n", at);
  const end = found < 0 ? content.length : found;
  return content[end - 1] === "\r" ? end - 1 : end;
}
