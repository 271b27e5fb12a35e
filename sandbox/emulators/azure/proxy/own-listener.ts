import type { Listener } from "./host-table";

/** What lies at the proxy's own address. */
export interface OwnServices {
  readonly admin: Listener;
  /** Tokens of managed identities. */
  readonly identity: Listener;
}

const ADMIN = "/admin";

export function ownListener({ admin, identity }: OwnServices): Listener {
  return (request, response) => {
    const url = request.url ?? "/";
    if (!url.startsWith(`${ADMIN}/`)) return identity(request, response);
    request.url = url.slice(ADMIN.length);
    admin(request, response);
  };
}
