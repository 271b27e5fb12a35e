import type { DeclaredLoop } from "../live/declared-loop";
import { PolicyRights, sees } from "../live/vault/rights";
import type { LogEntry } from "./log-entry";

/** Who the loop's own logins are in the log. */
export class DeclaredUsers {
  private readonly decryptors: ReadonlySet<string>;

  constructor(private readonly declared: DeclaredLoop) {
    const { audit } = declared;
    const texts = Object.entries(audit.policies).map(([name, { text }]) => [name, text] as const);
    const rights = new PolicyRights(new Map(texts), audit.key, {
      methods: [],
      roles: [],
      policies: [],
    });
    const roles = [...audit.roles, ...(audit.pipelines?.roles ?? [])];
    this.decryptors = new Set(
      roles
        .filter(({ policies }) => sees(rights.of(policies)))
        .map(({ auth, name }) => `${auth}/role/${name}`),
    );
  }

  /** The declared role that somebody logged in by, as `auth/kubernetes/role/x`; undefined for anybody else. */
  roleOf({ identity = "", metadata }: LogEntry): string | undefined {
    const { audit } = this.declared;
    // Whoever makes a token may write anything into its metadata, but not begin its name like an auth method's.
    const isBy = ({ auth, name }: { auth: string; name: string }) =>
      metadata.role === name && identity.startsWith(beginningOf(auth));
    const account = audit.roles.find((role) => isBy(role));
    if (account) {
      const { service_account_name: name, service_account_namespace: namespace } = metadata;
      // Another cluster's method, such as `kubernetes-staging`, begins its names the same.
      const isBound =
        name === undefined ||
        (identity === `${beginningOf(account.auth)}${namespace}-${name}` &&
          account.serviceAccounts.includes(String(name)) &&
          account.namespaces.includes(String(namespace)));
      return isBound ? `${account.auth}/role/${account.name}` : undefined;
    }
    const job = audit.pipelines?.roles.find((role) => isBy(role));
    return job && `${job.auth}/role/${job.name}`;
  }

  mayDecrypt(role: string | undefined): boolean {
    return role !== undefined && this.decryptors.has(role);
  }
}

/** How the names begin of those who log in by a method: `kubernetes-`. */
function beginningOf(auth: string): string {
  return `${auth.replace(/^auth\//, "").replaceAll("/", "-")}-`;
}
