/** First words of every file that the command writes: by them it knows its own. */
export const MARK = "# Written by sopsloop chart; changes here are lost at its next run.";

const LINE = /^# sopsloop-digest: ([A-Za-z0-9_-]{22}) (\S+)$/;

/** A digest as it stands in a file. */
export interface DigestLine {
  /** Random, anew with each encryption: the same values have another digest each time. */
  readonly salt: string;
  /** `vault:v1:<base64>` or `key:<base64>`. */
  readonly digest: string;
}

/** A file that the command has written, taken apart. */
export interface MarkedFile {
  readonly line?: DigestLine;
  /** As sops wrote it. */
  readonly encrypted: string;
}

/** Whether a file is one of the command's own. */
export function isMarked(text: string): boolean {
  return text.startsWith(`${MARK}\n`);
}

/** Undefined for a file of somebody else's. */
export function markedFile(text: string): MarkedFile | undefined {
  if (!isMarked(text)) return undefined;
  const rest = text.slice(MARK.length + 1);
  const end = rest.indexOf("\n");
  const [, salt, digest] = LINE.exec(rest.slice(0, end)) ?? [];
  if (salt === undefined || digest === undefined) return { encrypted: rest };
  return { line: { salt, digest }, encrypted: rest.slice(end + 1) };
}

/** Puts the mark, and the digest where there is one, before what sops wrote. */
export function marked(text: string, line?: DigestLine): string {
  return `${MARK}\n${line ? `# sopsloop-digest: ${line.salt} ${line.digest}\n` : ""}${text}`;
}
