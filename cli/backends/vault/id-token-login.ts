import { CliError } from "../../errors/cli-error";
import { dataOf } from "./batch-answer";
import { loginRefusal } from "./login-refusals";
import { originOf, TrustedAddresses } from "./trusted-addresses";
import type { VaultAnswer } from "./vault-answer";

type Environment = Readonly<Record<string, string | undefined>>;

/** Sends to a path of Vault's, encoded and without `/v1/`, with no token. */
type Post = (path: string, body: object, namespace: string | undefined) => Promise<VaultAnswer>;

/**
 * The login of a CI job: the ID token that GitLab gave it as `VAULT_ID_TOKEN`, for a short-lived token of Vault's. Whoever is shown
 * the ID token may log in with it, so it goes to `VAULT_ADDR` and nowhere else, whatever the files of the tree name. Vault's token
 * is kept in memory only.
 */
export class IdTokenLogin {
  private token: Promise<string> | undefined;

  private constructor(
    private readonly jwt: string,
    private readonly role: string,
    /** Mount of the jwt auth method, without `auth/`. */
    private readonly mount: string,
    /** Of the only server that may see the ID token. */
    public readonly origin: string,
    private readonly namespace: string | undefined,
  ) {}

  /** Undefined where the job has no ID token. @throws CliError (2) where another variable is missing, or is no such thing. */
  static of(env: Environment): IdTokenLogin | undefined {
    const { VAULT_ID_TOKEN: jwt, VAULT_AUTH_ROLE: role, VAULT_AUTH_PATH: path, VAULT_NAMESPACE } = env;
    if (!jwt) return undefined;
    if (!role)
      throw new CliError(
        "VAULT_ID_TOKEN is set, but VAULT_AUTH_ROLE is not; set it to the role of Vault's jwt auth method that this job has",
        2,
      );
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(jwt.trim()))
      throw new CliError(
        "VAULT_ID_TOKEN holds no ID token; declare it under `id_tokens` of the job, with the audience that the role is bound to",
        2,
      );
    const mount = (path || "jwt").replace(/^\/+|\/+$/g, "").replace(/^auth\//, "");
    // Dots would lead to another path of Vault's, which would be shown the ID token.
    if (!/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(mount))
      throw new CliError(
        "VAULT_AUTH_PATH is no mount of an auth method; set it to the one that GitLab's jobs log in at, such as gitlab",
        2,
      );
    return new IdTokenLogin(jwt.trim(), role, mount, serverOf(env), VAULT_NAMESPACE || undefined);
  }

  /**
   * Vault's token. Vault is asked once.
   *
   * @param address of the Vault that is to see it.
   * @throws CliError for another server than the one that the ID token is for, and for each refusal of Vault's.
   */
  at(address: string, post: Post): Promise<string> {
    if (originOf(address) !== this.origin)
      throw new CliError(
        `Vault at ${address} is not VAULT_ADDR (${this.origin}), and this job's ID token is sent nowhere else; give it a VAULT_TOKEN, or leave files of other Vaults out`,
      );
    this.token ??= this.logIn(address, post);
    return this.token;
  }

  private async logIn(address: string, post: Post): Promise<string> {
    const { role, jwt, mount, namespace } = this;
    const path = ["auth", ...mount.split("/"), "login"].map(encodeURIComponent).join("/");
    const answer = await post(path, { role, jwt }, namespace);
    const { client_token: token } = dataOf(answer.body, "auth");
    if (answer.status === 200 && typeof token === "string" && /^[\x21-\x7e]+$/.test(token)) return token;
    throw new CliError(`Vault at ${address} ${loginRefusal({ role, mount }, answer)}`);
  }
}

function serverOf(env: Environment): string {
  const { VAULT_ADDR: address } = env;
  const origin = address ? originOf(address) : undefined;
  if (address === undefined || origin === undefined)
    throw new CliError(
      "VAULT_ID_TOKEN is set, but VAULT_ADDR names no server; set it to Vault's address: the ID token is sent nowhere else",
      2,
    );
  if (!new TrustedAddresses(env, []).isTrusted(address))
    throw new CliError(
      `SOPS_HC_VAULT_ALLOWLIST leaves out VAULT_ADDR (${origin}), so this job's ID token is not sent there; let it in, or set another VAULT_ADDR`,
      2,
    );
  return origin;
}
