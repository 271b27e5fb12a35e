import { CliError } from "../../errors/cli-error";
import { dataOf } from "./batch-answer";
import { loginRefusal } from "./login-refusals";
import { originOf, TrustedAddresses } from "./trusted-addresses";
import type { VaultAnswer } from "./vault-answer";
import { withoutSlashes } from "./without-slashes";

type Environment = Readonly<Record<string, string | undefined>>;

/** Sends to a path of Vault's, encoded and without `/v1/`, with no token. */
type Post = (path: string, body: object, namespace: string | undefined) => Promise<VaultAnswer>;

/** Dots would lead to another path of Vault's, which would be shown the ID token. */
const PLAIN_PATH = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;

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
    /** Vault's namespace that the auth method is in. */
    private readonly namespace: string | undefined,
    /** Whether that one is the login's alone: then the files name theirs in their paths, and no other request names one. */
    public readonly isAloneInNamespace: boolean,
  ) {}

  /** Undefined where the job has no ID token. @throws CliError (2) where another variable is missing, or is no such thing. */
  static of(env: Environment): IdTokenLogin | undefined {
    const { VAULT_ID_TOKEN: jwt, VAULT_AUTH_ROLE: role, VAULT_AUTH_PATH: path } = env;
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
    const mount = withoutSlashes(path || "jwt").replace(/^auth\//, "");
    if (!PLAIN_PATH.test(mount))
      throw new CliError(
        "VAULT_AUTH_PATH is no mount of an auth method; set it to the one that GitLab's jobs log in at, such as gitlab",
        2,
      );
    const own = withoutSlashes(env.VAULT_AUTH_NAMESPACE ?? "");
    if (own !== "" && !PLAIN_PATH.test(own))
      throw new CliError(
        "VAULT_AUTH_NAMESPACE is no namespace of Vault's; set it to the one that the auth method is in, such as team/a, or leave it empty",
        2,
      );
    const namespace = own || env.VAULT_NAMESPACE || undefined;
    return new IdTokenLogin(jwt.trim(), role, mount, serverOf(env), namespace, own !== "");
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
