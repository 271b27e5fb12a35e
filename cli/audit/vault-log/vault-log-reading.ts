import type { Finding } from "../finding";

/** How often something happened, and when. */
export interface Seen {
  readonly count: number;
  /** ISO 8601, UTC. */
  readonly first: string;
  readonly last: string;
}

/** One party's one kind of request with a key. */
export interface LogUse extends Seen {
  /** `transit/keys/sops` */
  readonly key: string;
  /** As in the path of Vault's API: `decrypt`, `rewrap`, `datakey/plaintext`. */
  readonly operation: string;
  /** As Vault shows it, `kubernetes-flux-system-kustomize-controller`. */
  readonly identity: string;
  /** How it logged in, as `auth/kubernetes/role/x`; undefined where it is no login of the loop. */
  readonly by: string | undefined;
  /** `done`; `refused`: it may not; `failed`: what it sent could not be used. `count` is of requests. */
  readonly result: "done" | "refused" | "failed";
  /** Data keys in these requests: one request may hold many. */
  readonly items: number;
}

/** What was done, by whom, with what result. */
export type Used = Omit<LogUse, keyof Seen | "items">;

/** Logins at one of the loop's auth methods that Vault refused. */
export interface LogRefusedLogins extends Seen {
  /** `auth/kubernetes/login` */
  readonly path: string;
  /** Sorted; no more than ten. */
  readonly addresses: readonly string[];
}

/** Somebody changed the key, a policy, a role, an auth method, or an audit device. */
export interface LogChange extends Seen {
  readonly path: string;
  readonly operation: string;
  readonly identity: string;
}

/** What Vault's audit log tells of the loop's key. Never a plaintext, a token, or a hash of one. */
export interface VaultLogReading {
  readonly files: readonly string[];
  readonly lines: number;
  /** Lines that are no entries of an audit log. */
  readonly unreadable: number;
  /** Of the oldest and the newest entry, ISO 8601; undefined without any. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly uses: readonly LogUse[];
  readonly refusedLogins: readonly LogRefusedLogins[];
  readonly changes: readonly LogChange[];
  readonly findings: readonly Finding[];
}
