export type Level = "info" | "warn" | "error";
export type Fields = Readonly<Record<string, string | number | undefined>>;

/** What may look like a secret in somebody else's words, such as GitLab's or the file system's. */
const SECRET_LIKE = /glptt-[\w-]+|glpat-[\w-]+|Bearer\s+\S+|\bcode=[^\s&"]+|eyJ[\w-]+\.[\w-]+\.[\w-]*/gi;
const HIDDEN = "[hidden]";

/** Structured lines of JSON, one for each thing that happened. Nothing of a request but what is named here ever gets in. */
export class RelayLog {
  /** @param secrets what must never be seen in a line, as it is at the moment. */
  constructor(
    private readonly write: (line: string) => void,
    private readonly secrets: () => readonly string[] = () => [],
  ) {}

  info(message: string, fields: Fields = {}): void {
    this.line("info", message, fields);
  }

  warn(message: string, fields: Fields = {}): void {
    this.line("warn", message, fields);
  }

  error(message: string, fields: Fields = {}): void {
    this.line("error", message, fields);
  }

  private line(level: Level, message: string, fields: Fields): void {
    const entry = { time: new Date().toISOString(), level, message, ...fields };
    this.write(JSON.stringify(entry, (_, value) => (typeof value === "string" ? this.clean(value) : value)));
  }

  private clean(text: string): string {
    const without = this.secrets().reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
    return without.replace(SECRET_LIKE, HIDDEN);
  }
}
