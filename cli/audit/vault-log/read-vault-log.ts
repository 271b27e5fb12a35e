import { resolve } from "node:path";
import { type DeclaredLoop, declaredLoop, keyPath } from "../live/declared-loop";
import { Counts } from "./counts";
import { DeclaredUsers } from "./declared-users";
import { type LogEntry, logEntry } from "./log-entry";
import { isLook, logFindings } from "./log-findings";
import { logLines } from "./log-lines";
import { RefusedLooks } from "./refused-looks";
import type { LogChange, LogRefusedLogins, Used, VaultLogReading } from "./vault-log-reading";

export interface VaultLogOptions {
  /** Outputs of the program's stack, as `pulumi stack output --json` gives them. */
  readonly outputs: unknown;
  /** Files of Vault's file audit device, rotated ones and `.gz` among them, in any order. */
  readonly files: readonly string[];
  /** What relative names are relative to. */
  readonly cwd: string;
}

const REFUSED = /permission denied/;
const WRITING: ReadonlySet<string> = new Set(["create", "update", "delete", "patch"]);
const MOST_ADDRESSES = 10;
/** Who shows a token that Vault does not know has no name. */
const UNKNOWN = "a token that Vault does not know";

/**
 * Reads from Vault's audit log who used the loop's key, how often and when, who was refused, and who changed what guards it.
 *
 * @throws CliError (2) for a file that cannot be read, or outputs of another program
 */
export async function readVaultLog({ outputs, files, cwd }: VaultLogOptions): Promise<VaultLogReading> {
  const log = new VaultLog(declaredLoop(outputs));
  for (const file of files) await log.read(resolve(cwd, file));
  return log.reading(files);
}

/** What was seen so far. */
class VaultLog {
  private lines = 0;
  private unreadable = 0;
  private from = Number.POSITIVE_INFINITY;
  private to = Number.NEGATIVE_INFINITY;
  private readonly uses = new Counts<Used>();
  private readonly looks = new RefusedLooks();
  private readonly refused = new Counts<{ readonly path: string }>();
  private readonly addresses = new Map<string, Set<string>>();
  private readonly changes = new Counts<Omit<LogChange, "count" | "first" | "last">>();
  private readonly users: DeclaredUsers;
  private readonly namespace: string;
  private readonly logins: ReadonlySet<string>;

  constructor(private readonly declared: DeclaredLoop) {
    this.users = new DeclaredUsers(declared);
    this.namespace = /^(.+)\/auth\//.exec(declared.loginPath)?.[1] ?? "";
    const { roles, pipelines } = declared.audit;
    this.logins = new Set([...roles, ...(pipelines?.roles ?? [])].map(({ auth }) => `${auth}/login`));
  }

  async read(file: string): Promise<void> {
    for await (const { text, whole } of logLines(file)) {
      if (text?.trim() === "") continue;
      const entry = text === undefined ? undefined : logEntry(text);
      // The last line may still be in the making.
      if (entry === undefined && !whole) continue;
      this.lines++;
      if (entry === undefined) this.unreadable++;
      else if (entry !== "request") this.take(entry);
    }
  }

  reading(files: readonly string[]): VaultLogReading {
    const uses = this.uses.all();
    const refusedLogins: LogRefusedLogins[] = this.refused.all().map(({ items: _, ...logins }) => ({
      ...logins,
      addresses: [...(this.addresses.get(logins.path) ?? [])].sort(),
    }));
    const isoOf = (time: number) => (Number.isFinite(time) ? new Date(time).toISOString() : undefined);
    return {
      files,
      lines: this.lines,
      unreadable: this.unreadable,
      from: isoOf(this.from),
      to: isoOf(this.to),
      uses,
      refusedLogins,
      changes: this.changes.all().map(({ items: _, ...change }) => change),
      findings: logFindings(uses, this.looks.unexplained(), refusedLogins, this.users),
    };
  }

  private take(entry: LogEntry): void {
    const { path, operation, time, error, identity = UNKNOWN } = entry;
    this.from = Math.min(this.from, time);
    this.to = Math.max(this.to, time);
    // Another namespace's engine of the same name is another.
    if (entry.namespace !== this.namespace) return;
    const use = this.operationOf(path);
    if (use !== undefined) {
      const result = error === undefined ? "done" : REFUSED.test(error) ? "refused" : "failed";
      const by = this.users.roleOf(entry);
      const key = keyPath(this.declared);
      const used: Used = { key, operation: use, identity, by, result };
      this.uses.add(used, time, entry.items);
      if (isLook(used)) this.looks.refused(used, entry.login, time);
      else if (use === "rewrap" && result === "done" && by !== undefined && entry.login !== undefined)
        this.looks.rewrapped(entry.login);
    }
    if (this.logins.has(path) && error !== undefined) {
      this.refused.add({ path }, time);
      const known = this.addresses.get(path) ?? new Set();
      if (known.size < MOST_ADDRESSES) known.add(entry.address);
      this.addresses.set(path, known);
    }
    if (error === undefined && WRITING.has(operation) && this.guards(path))
      this.changes.add({ path, operation, identity }, time);
  }

  /** `decrypt` of `transit/decrypt/sops`; undefined for paths of other keys, and of the key's own settings. */
  private operationOf(path: string): string | undefined {
    const { mount, name } = this.declared.audit.key;
    if (!path.startsWith(`${mount}/`)) return undefined;
    const [, operation] = /^(.+?)\/([^/]+)(?:\/\d+|\/latest)?$/.exec(path.slice(mount.length + 1)) ?? [];
    const rest = path.slice(mount.length + 1);
    const isOurs = rest === `${operation}/${name}` || rest.startsWith(`${operation}/${name}/`);
    return operation !== undefined && operation !== "keys" && isOurs ? operation : undefined;
  }

  /** Whether the path is one of those that say who may do what with the key. */
  private guards(path: string): boolean {
    const { mount, name } = this.declared.audit.key;
    const key = `${mount}/keys/${name}`;
    if (path === key || path.startsWith(`${key}/`)) return true;
    return /^(sys\/(policies\/acl|policy|auth|audit)\/|auth\/.+\/(role|roles|users|config)(\/|$)|identity\/(entity|group)(\/|$))/.test(
      path,
    );
  }
}
