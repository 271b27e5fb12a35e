import { type CryptoKey, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { keyGrants, policyText } from "../../../../components/vault/policy-text";
import { KEY, MOUNT, type SopsVault } from "../../rewrap/support/sops-vault";

type Environment = Readonly<Record<string, string>>;

export const ISSUER = "https://gitlab.example.com";
export const AUDIENCE = "https://vault.example.com";

/** What GitLab says of a job, as far as the roles ask. */
const CLAIMS = { project_id: "101", ref: "main", ref_type: "branch", ref_protected: "true" };

/** Vault's jwt auth method for ID tokens that the test signs itself, and roles with the program's own policies. */
export class JwtAuth {
  private constructor(
    private readonly vault: SopsVault,
    readonly mount: string,
    private readonly key: CryptoKey,
  ) {}

  static async enable(vault: SopsVault, mount = "gitlab"): Promise<JwtAuth> {
    const { publicKey, privateKey } = await generateKeyPair("RS256");
    await vault.api.write(`sys/auth/${mount}`, { type: "jwt" });
    await vault.api.write(`auth/${mount}/config`, {
      jwt_validation_pubkeys: [await exportSPKI(publicKey)],
      bound_issuer: ISSUER,
    });
    return new JwtAuth(vault, mount, privateKey);
  }

  /** A role of this name with these of the program's policies. */
  async role(name: string, ...policies: (keyof ReturnType<typeof keyGrants>)[]): Promise<void> {
    const grants = keyGrants(MOUNT, KEY);
    for (const policy of policies)
      await this.vault.api.write(`sys/policies/acl/sops-${policy}`, { policy: policyText(grants[policy]) });
    await this.vault.api.write(`auth/${this.mount}/role/${name}`, {
      role_type: "jwt",
      user_claim: "project_id",
      bound_audiences: [AUDIENCE],
      bound_claims: CLAIMS,
      token_type: "batch",
      token_ttl: 300,
      token_no_default_policy: true,
      token_policies: policies.map((policy) => `sops-${policy}`),
    });
  }

  /** An ID token such as GitLab gives to a job. */
  idToken(claims: JWTPayload = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now - 400, nbf: now - 400, exp: now + 300 };
    return new SignJWT({ ...CLAIMS, ...times, iss: ISSUER, aud: AUDIENCE, sub: "job", ...claims })
      .setProtectedHeader({ alg: "RS256" })
      .sign(this.key);
  }

  /** What a job of GitLab's has set: no token of Vault's. */
  async env(role: string, claims: JWTPayload = {}): Promise<Environment> {
    return {
      VAULT_ADDR: this.vault.address,
      VAULT_CACERT: this.vault.ca,
      VAULT_TOKEN: "",
      VAULT_ID_TOKEN: await this.idToken(claims),
      VAULT_AUTH_PATH: this.mount,
      VAULT_AUTH_ROLE: role,
    };
  }
}
