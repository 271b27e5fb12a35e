import { CliError } from "../../errors/cli-error";

type Environment = Readonly<Record<string, string | undefined>>;

/** Nothing but scheme, host and port: a comma in it would let in whatever stands behind. */
const PLAIN = /^https?:\/\/[\w.:[\]-]+\/*$/i;

/**
 * Which Vaults may see the token. The files are data that others commit: one that names a foreign server must not be able to draw
 * the token there. `SOPS_HC_VAULT_ALLOWLIST`, where set, decides as it does for sops; else `VAULT_ADDR`, the server that the token
 * is from; else what the tree's own `.sops.yaml` names.
 */
export class TrustedAddresses {
  /** @param configured addresses of keys in the tree's `.sops.yaml` files. */
  constructor(
    private readonly env: Environment,
    private readonly configured: readonly string[],
  ) {}

  /** @throws CliError that says how to let the address in. */
  require(address: string): void {
    if (this.isTrusted(address)) return;
    throw new CliError(
      `${address}: a file names this Vault, but ${this.reason()}, so the token is not sent there; if it is yours: SOPS_HC_VAULT_ALLOWLIST=${this.suggestion(address)}`,
    );
  }

  isTrusted(address: string): boolean {
    const { SOPS_HC_VAULT_ALLOWLIST: list, VAULT_ADDR: own } = this.env;
    if (list) return list === "all" || (list !== "none" && isListed(address, list));
    const trusted = own ? [own] : this.configured;
    const origin = originOf(address);
    return origin !== undefined && trusted.some((each) => originOf(each) === origin);
  }

  /**
   * For sops, which compares text with text and else sends its token wherever a file says: the trusted servers in each writing that is
   * known of them.
   *
   * @param named addresses as the files write them; of these, only the trusted ones get in.
   */
  allowlist(named: Iterable<string>): string {
    const { SOPS_HC_VAULT_ALLOWLIST: list, VAULT_ADDR: own } = this.env;
    if (list) return list;
    const trusted = own ? [own] : this.configured;
    const plain = [...trusted, ...named].filter((each) => PLAIN.test(each) && this.isTrusted(each));
    const written = new Set([...trusted.flatMap(writingsOf), ...plain]);
    return [...written].join(",") || "none";
  }

  private reason(): string {
    const { SOPS_HC_VAULT_ALLOWLIST: list, VAULT_ADDR: own } = this.env;
    if (list) return "SOPS_HC_VAULT_ALLOWLIST leaves it out";
    return own
      ? `VAULT_ADDR is ${originOf(own) ?? own}`
      : "no .sops.yaml of this tree does, and VAULT_ADDR is not set";
  }

  private suggestion(address: string): string {
    const { SOPS_HC_VAULT_ALLOWLIST: list, VAULT_ADDR: own } = this.env;
    const already = list && list !== "none" ? [list] : own && !list ? [originOf(own) ?? own] : [];
    return [...already, originOf(address) ?? address].join(",");
  }
}

/** With its port, where that is the scheme's own, and without. */
function writingsOf(address: string): string[] {
  const origin = originOf(address);
  if (origin === undefined) return [];
  if (new URL(origin).port !== "") return [origin];
  return [origin, `${origin}:${origin.startsWith("https:") ? 443 : 80}`];
}

/** A list of prefixes, each taken to end with a slash: otherwise `https://vault.example` would let in `https://vault.example.evil`. */
function isListed(address: string, list: string): boolean {
  const asked = withSlash(address.toLowerCase());
  const prefixes = list.split(",").map((entry) => entry.trim().toLowerCase());
  return prefixes.some((prefix) => prefix !== "" && asked.startsWith(withSlash(prefix)));
}

function withSlash(text: string): string {
  return text.endsWith("/") ? text : `${text}/`;
}

/** Scheme, host and port, as one writing for all writings of the same server. */
export function originOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { origin, username, password } = new URL(address);
  return origin === "null" || username !== "" || password !== "" ? undefined : origin;
}
