import { inOrder } from "../facts/azure-rights";
import { serviceAccount } from "../facts/identities";
import type { Grant as LiveGrant } from "../live/live-reading";
import type { Grant, Identity, Key, Right } from "../report-schema";

/** Rights by the words of the live reading. */
const RIGHTS: ReadonlyMap<string, readonly Right[]> = new Map([
  ["read", ["read versions"]],
  ["administer", ["give rights", "configure"]],
]);

interface Access {
  readonly grants: readonly Grant[];
  readonly identities: readonly Identity[];
}

/**
 * What the live systems say beside what the program declares; neither hides the other. A login that both have is one: who may take it is
 * told by the program. One that only the live systems have comes in as not declared.
 */
export function withLive(declared: Access, live: readonly LiveGrant[], keys: readonly Key[]): Access {
  const grants = new Map(declared.grants.map((grant) => [idOf(grant.identity, grant.key), grant]));
  const identities = new Map(declared.identities.map((identity) => [identity.id, identity]));
  for (const found of live) {
    const key = keys.find(({ id, name }) => id === found.key || name === found.key)?.id;
    // A key that the program does not know is a finding; it has no column here.
    if (key === undefined) continue;
    const known = declared.grants.filter(
      (grant) => grant.key === key && grant.paths.some(({ login }) => isLogin(login, found)),
    );
    for (const { identity } of known) {
      const same = grants.get(idOf(identity, key));
      if (same) grants.set(idOf(identity, key), confirmed(same, found));
    }
    if (known.length > 0) continue;
    const who = identityOf(found);
    identities.set(who.id, identities.get(who.id) ?? who);
    const same = grants.get(idOf(who.id, key));
    grants.set(idOf(who.id, key), same ? undeclared(same, found) : grantOf(who.id, key, found));
  }
  return { grants: [...grants.values()], identities: [...identities.values()] };
}

function isLogin(login: string, { by: [first], identity }: LiveGrant): boolean {
  return login === first || login === identity;
}

function confirmed(grant: Grant, found: LiveGrant): Grant {
  const rights = rightsOf(found);
  return {
    ...grant,
    rights: inOrder([...grant.rights, ...rights]),
    paths: grant.paths.map((path) =>
      isLogin(path.login, found) ? { ...path, rights: inOrder([...path.rights, ...rights]) } : path,
    ),
    origin: grant.origin === "live" ? "live" : "both",
  };
}

/** One more way, which only the live systems have, of somebody who has others. */
function undeclared(grant: Grant, found: LiveGrant): Grant {
  return {
    ...grant,
    rights: inOrder([...grant.rights, ...rightsOf(found)]),
    paths: [...grant.paths, pathOf(found)],
    origin: grant.origin === "live" ? "live" : "both",
  };
}

function grantOf(identity: string, key: string, found: LiveGrant): Grant {
  return { identity, key, rights: rightsOf(found), paths: [pathOf(found)], unknown: [], origin: "live" };
}

function pathOf(found: LiveGrant): Grant["paths"][number] {
  const [login = found.identity, ...others] = found.by;
  const policies = others.map((step) => step.replace(/^(policy|role) /, ""));
  return { login, policies, rights: rightsOf(found), conditions: ["not declared by the program"] };
}

function rightsOf({ may }: LiveGrant): Right[] {
  return inOrder(may.flatMap((use): readonly string[] => RIGHTS.get(use) ?? [use]));
}

function identityOf({ identity, key }: LiveGrant): Identity {
  const [, namespace, name] = /^ServiceAccount ([^/]+)\/(.+)$/.exec(identity) ?? [];
  if (namespace !== undefined && name !== undefined) return serviceAccount(namespace, name);
  const group = key.startsWith("https://") ? "Azure" : "Vault";
  return { id: `live:${identity}`, kind: "login", name: identity, group };
}

function idOf(identity: string, key: string): string {
  return JSON.stringify([identity, key]);
}
