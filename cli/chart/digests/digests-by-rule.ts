import { vaultsIn } from "../../backends/vault/open-vault-backend";
import { TransitHmac } from "../../backends/vault/transit-hmac";
import type { TransitKey } from "../../backends/vault/transit-key";
import { TrustedAddresses } from "../../backends/vault/trusted-addresses";
import { VaultConnection } from "../../backends/vault/vault-connection";
import { vaultSettings } from "../../backends/vault/vault-settings";
import { CliError } from "../../errors/cli-error";
import type { CreationRule } from "../../rules/creation-rule";
import type { Digests } from "./digests";
import { DIGEST_KEY, OwnKeyDigests } from "./own-key-digests";
import { VaultDigests } from "./vault-digests";

type Environment = Readonly<Record<string, string | undefined>>;

/** Who makes the digests of a file: the caller's own key where there is one, else the Vault that the file's rule names. */
export class DigestsByRule {
  private readonly own: Digests | undefined;
  private readonly trusted: TrustedAddresses;
  private readonly vaults = new Map<string, VaultConnection>();
  private readonly known = new Map<string, Digests>();

  /**
   * @param env with the token for Vault.
   * @param configs texts of the `.sops.yaml` files.
   */
  constructor(
    private readonly env: Environment,
    configs: Iterable<string>,
  ) {
    this.own = env[DIGEST_KEY] ? new OwnKeyDigests(env[DIGEST_KEY]) : undefined;
    this.trusted = new TrustedAddresses(env, [...configs].flatMap(vaultsIn));
  }

  /** sops sends its token to each Vault of a rule. @throws CliError for a rule with one that may not see it. */
  requireTrusted(rules: Iterable<CreationRule>): void {
    const addresses = [...rules].flatMap((rule) => vaultKeysOf(rule).map((key) => transitKeyOf(key).address));
    for (const address of new Set(addresses)) this.trusted.require(address);
  }

  /** Of a rule that may be trusted; undefined where there is no key for digests. */
  for(rule: CreationRule): Digests | undefined {
    const [first] = vaultKeysOf(rule);
    if (this.own || first === undefined) return this.own;
    const digests = this.known.get(first) ?? this.byVault(transitKeyOf(first));
    this.known.set(first, digests);
    return digests;
  }

  close(): void {
    for (const vault of this.vaults.values()) vault.close();
  }

  private byVault(key: TransitKey): Digests {
    const vault = this.vaults.get(key.address) ?? new VaultConnection(key.address, vaultSettings(this.env));
    this.vaults.set(key.address, vault);
    return new VaultDigests(new TransitHmac(vault, key));
  }
}

/** Keys of Vault's that a rule names, as `WantedKey.key` has them. */
export function vaultKeysOf({ groups }: CreationRule): string[] {
  return groups.flat().flatMap(({ kind, key }) => (kind === "hc_vault" ? [key] : []));
}

function transitKeyOf(key: string): TransitKey {
  const [, address, mount, name] = /^(https?:\/\/[^/]+)\/v1\/(.+)\/keys\/([^/]+)$/.exec(key) ?? [];
  if (address === undefined || mount === undefined || name === undefined)
    throw new CliError(`${key}: names no key of a Vault transit engine; mend .sops.yaml`);
  return { address, mount, name };
}
