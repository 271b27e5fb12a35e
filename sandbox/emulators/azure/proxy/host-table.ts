import type { IncomingMessage, ServerResponse } from "node:http";

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Hosts of one kind, and who answers in their place. */
export interface HostEntry {
  /** A name, or `*.` and a name. */
  readonly pattern: string;
  /** @default 443 */
  readonly port?: number;
  /** Whether a host is there, by its first label: names of vaults that nobody made do not resolve. @default all are */
  readonly exists?: (label: string) => boolean;
  readonly listener: Listener;
}

export type Found =
  | { readonly kind: "here"; readonly listener: Listener }
  /** A host of Azure's that does not exist. */
  | { readonly kind: "absent" }
  /** A host of the world outside. */
  | { readonly kind: "foreign" };

/** The host names that lead to the emulator; every other one leads nowhere. */
export class HostTable {
  constructor(private readonly entries: readonly HostEntry[]) {}

  find(host: string, port: number): Found {
    const name = host.toLowerCase();
    const entry = this.entries.find((one) => (one.port ?? 443) === port && matches(one.pattern, name));
    if (entry === undefined) return { kind: "foreign" };
    const label = name.slice(0, name.indexOf("."));
    if (entry.exists && !entry.exists(label)) return { kind: "absent" };
    return { kind: "here", listener: entry.listener };
  }

  /** For the certificate. */
  get names(): string[] {
    return [...new Set(this.entries.map(({ pattern }) => pattern))];
  }
}

/** Like a certificate's wildcard, `*` is one label. */
function matches(pattern: string, name: string): boolean {
  if (!pattern.startsWith("*.")) return pattern === name;
  return name.slice(name.indexOf(".")) === pattern.slice(1) && !name.startsWith(".");
}
