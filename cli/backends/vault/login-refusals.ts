import { errorsOf, type VaultAnswer } from "./vault-answer";

/** As which a job logs in. */
export interface LoginRole {
  readonly role: string;
  /** Mount of the jwt auth method, without `auth/`. */
  readonly mount: string;
}

/** What Vault has against this job, and what would mend it; goes behind "Vault at <address> ". Vault names claims, never the token. */
export function loginRefusal({ role, mount }: LoginRole, { status, body }: VaultAnswer): string {
  const told = errorsOf(body).replace(/[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g, "<ID token>");
  const named = `role "${role}" of auth/${mount}`;
  const [, claim] = /claim "([^"]+)"/.exec(told) ?? [];
  if (/could not be found|invalid role name|missing role/i.test(told))
    return `has no ${named}; is VAULT_AUTH_ROLE right, and has pulumi up run?`;
  if (/\(aud\)|audience/i.test(told))
    return `refuses this job for ${named}: the role is not bound to the ID token's audience; let id_tokens: VAULT_ID_TOKEN: aud be the role's`;
  if (/\(exp\)|\(nbf\)|\(iat\)|expired/i.test(told))
    return `refuses this job for ${named}: its ID token has expired, or the clocks differ; run the job again, with a longer timeout if it waited`;
  if (claim !== undefined)
    return `refuses this job for ${named}: claim "${claim}" of its ID token is not what the role is bound to; is this the right project, branch and pipeline source?`;
  if (/\(iss\)|issuer/i.test(told))
    return `refuses this job for ${named}: its ID token is not from the GitLab that auth/${mount} trusts; is VAULT_AUTH_PATH right?`;
  if (/signature|no known key/i.test(told))
    return `refuses this job for ${named}: it knows no key that signed the ID token; can Vault reach GitLab's /oauth/discovery/keys?`;
  if (status === 404 || status === 403)
    return `has no jwt auth method at auth/${mount}, or does not let this job log in there; are VAULT_AUTH_PATH and VAULT_AUTH_NAMESPACE (else VAULT_NAMESPACE) right?`;
  const why = told === "" ? `${status}` : `${status}: ${told}`;
  return `answered ${why} to the login as ${named}; look at the auth method's config (vault read auth/${mount}/config)`;
}
