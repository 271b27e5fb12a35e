import { inOrder } from "../facts/azure-rights";
import type { Facts } from "../facts/facts";
import { holder } from "../facts/identities";
import type { Grant, Identity, Right } from "../report-schema";
import { azureGrants } from "./azure-grants";
import type { Found } from "./found";
import { vaultGrants } from "./vault-grants";

/** Backends whose keys are files: whoever has the private half can do all there is to do. */
const HELD = new Set(["age", "pgp"]);
const HOLDERS: readonly Right[] = ["decrypt", "encrypt"];

/** Who may do what with which key, and by which paths, each pair once; in no order. */
export function grantsOf(facts: Facts): { grants: Grant[]; identities: Identity[] } {
  const held = facts.keys
    .filter(({ key }) => HELD.has(key.backend))
    .map(({ key }): Found => ({ identity: holder(key.id), key: key.id, unknown: [] }));
  const identities = new Map(facts.decryptors.map((who) => [who.id, who]));
  const grants = new Map<string, Grant>();
  for (const found of [...vaultGrants(facts), ...azureGrants(facts), ...held]) {
    identities.set(found.identity.id, found.identity);
    const id = JSON.stringify([found.identity.id, found.key]);
    grants.set(id, withPath(grants.get(id), found));
  }
  return { grants: [...grants.values()], identities: [...identities.values()] };
}

function withPath(grant: Grant | undefined, { identity, key, path, unknown }: Found): Grant {
  const added = path?.rights ?? HOLDERS;
  return {
    ...{ identity: identity.id, key },
    rights: inOrder([...(grant?.rights ?? []), ...added]),
    paths: [...(grant?.paths ?? []), ...(path ? [path] : [])],
    unknown: [...new Set([...(grant?.unknown ?? []), ...unknown])],
    origin: "declared",
  };
}
