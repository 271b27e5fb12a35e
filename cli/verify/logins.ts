import { type Kubectl, reasonOf } from "../kubernetes/kubectl";
import type { Declared, DeclaredRole } from "./declared";
import { Fault, Skip } from "./probe";
import { fieldOf, type VaultAccess } from "./vault-access";

/** A service account in a role. */
export interface Account {
  readonly role: DeclaredRole;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** Logs in to Vault as service accounts do, once for each, with tokens that the API server gives out for it. */
export class Logins {
  private readonly made = new Map<string, Promise<VaultAccess>>();

  constructor(
    private readonly declared: Declared,
    private readonly vault: VaultAccess,
    private readonly kubectl: Kubectl,
  ) {}

  /** The accounts that Flux decrypts as. */
  get decryptors(): readonly Account[] {
    const names = new Set(Object.values(this.declared.decryptRoles));
    return this.declared.audit.roles
      .filter(({ name }) => names.has(name))
      .map((role) => ({
        role,
        namespace: role.namespaces[0] ?? "",
        serviceAccount: role.serviceAccounts[0] ?? "",
      }));
  }

  /** @throws Fault that names what stands between the account and its role. */
  as(account: Account): Promise<VaultAccess> {
    const { role } = account;
    const known = this.made.get(role.name);
    if (known) return known;
    const made = this.login(account);
    this.made.set(role.name, made);
    return made;
  }

  /** Batch tokens need no revoking: they are gone within minutes. */
  close(): void {
    for (const made of this.made.values())
      made.then(
        (access) => access.close(),
        () => undefined,
      );
  }

  /** What Vault answers to a login with a token for this audience. */
  async attempt(
    account: Account,
    audience: string,
  ): Promise<{ status: number; why: string; token?: string }> {
    const { role } = account;
    const jwt = await this.idTokenFor(account, audience);
    const answer = await this.vault.write(`${role.auth}/login`, { role: role.name, jwt });
    const token = fieldOf(answer.body, "auth")?.client_token;
    return { status: answer.status, why: answer.why, ...(typeof token === "string" && { token }) };
  }

  /** @throws Fault where there is no such account; Skip where this caller may not have its tokens. */
  async idTokenFor(
    { namespace, serviceAccount }: Pick<Account, "namespace" | "serviceAccount">,
    audience: string,
  ): Promise<string> {
    const words = [
      "create",
      "token",
      serviceAccount,
      `--namespace=${namespace}`,
      `--audience=${audience}`,
      "--duration=10m",
    ];
    const { code, stdout, stderr } = await this.kubectl.try(words);
    if (code === 0) return stdout.trim();
    if (/\(NotFound\)/.test(stderr))
      throw new Fault(
        `there is no service account ${namespace}/${serviceAccount}`,
        `kubectl -n ${namespace} get serviceaccounts; pulumi up --refresh`,
      );
    throw new Skip(`no token of ${namespace}/${serviceAccount} can be had: ${reasonOf(stderr)}`);
  }

  private async login(account: Account): Promise<VaultAccess> {
    const { role, namespace, serviceAccount } = account;
    const { status, why, token } = await this.attempt(account, role.audience ?? this.declared.vaultAddress);
    if (token !== undefined) return this.vault.as(token, role.name);
    throw new Fault(...explained(role, `${namespace}/${serviceAccount}`, status, why));
  }
}

/** Vault's short answers, in terms of what has to be mended. */
function explained(role: DeclaredRole, account: string, status: number, why: string): [string, string] {
  const read = `vault read ${role.auth}/role/${role.name}`;
  if (/invalid role name|role .* could not be found/i.test(why))
    return [`Vault has no role ${role.name}`, `vault list ${role.auth}/role; pulumi up --refresh`];
  if (/audience/i.test(why)) return [`the role does not take tokens for ${role.audience}`, read];
  if (/not authorized|\(sub\)/i.test(why)) return [`the role is not bound to ${account}`, read];
  if (/no handler for route|unsupported path/i.test(why))
    return [`no auth method is mounted at ${role.auth}`, "vault auth list; pulumi up --refresh"];
  // Vault gives the JWT to nobody, so that a refresh cannot see that it is void.
  if (status === 403)
    return [
      "Vault cannot have the token reviewed: its reviewer's JWT, or the API server's CA or address, is wrong",
      `vault read ${role.auth}/config; pulumi up --target-replace '**:AuthBackendConfig::**'`,
    ];
  return [`login as ${role.name} gives ${status}: ${why}`, `vault read ${role.auth}/config`];
}
