import { existsSync, readFileSync, statSync } from "node:fs";
import { SandboxError } from "../processes/sandbox-error";

/** One line of Vault's audit log, as far as a proof reads it. */
export interface AuditEntry {
  readonly type: "request" | "response";
  readonly time: string;
  readonly error?: string;
  readonly request: { readonly operation: string; readonly path: string };
  /** Who asked; on the response of a login, who logged in. */
  readonly auth?: {
    readonly display_name?: string;
    readonly token_type?: string;
    readonly policies?: readonly string[];
    readonly metadata?: Readonly<Record<string, string>>;
  };
}

/** A login at an auth mount that Vault granted. */
export interface Login {
  /** Path such as `auth/kubernetes/login`. */
  readonly path: string;
  readonly role: string;
  /** Name as Vault shows it, with the mount and the account in it. */
  readonly account: string;
  readonly tokenType: string;
  readonly policies: readonly string[];
}

/** Vault's file audit log, read from a moment on. */
export class AuditLog {
  private constructor(
    private readonly file: string,
    private readonly offset: number,
  ) {}

  /** What will be written from now on. */
  static fromNow(file: string): AuditLog {
    return new AuditLog(file, existsSync(file) ? statSync(file).size : 0);
  }

  entries(): AuditEntry[] {
    if (!existsSync(this.file)) return [];
    const lines = readFileSync(this.file).subarray(this.offset).toString("utf8").split("\n");
    // The last line may still be in the making.
    return lines.slice(0, -1).map((line) => JSON.parse(line) as AuditEntry);
  }

  logins(): Login[] {
    return this.entries()
      .filter(
        ({ type, error, auth, request }) =>
          type === "response" && !error && auth && /^auth\/.+\/login$/.test(request.path),
      )
      .map(({ request, auth }) => ({
        path: request.path,
        role: auth?.metadata?.role ?? "",
        account: auth?.display_name ?? "",
        tokenType: auth?.token_type ?? "",
        policies: auth?.policies ?? [],
      }));
  }

  /** A job's login by its ID token. @param authPath mount of the auth method. Throws a SandboxError when Vault granted none. */
  jobLogin(authPath: string, role: string): Login {
    const path = `auth/${authPath}/login`;
    const login = this.logins().find((one) => one.path === path && one.role === role);
    if (!login) throw new SandboxError(`no job logged in as ${role} at ${path}`);
    return login;
  }

  /** Requests that Vault answered without an error, on exactly this path. */
  answered(path: string): AuditEntry[] {
    return this.entries().filter(
      ({ type, error, request }) => type === "response" && !error && request.path === path,
    );
  }
}
