import { readFileSync } from "node:fs";
import { keyGrants, policyText } from "../../../../components/vault/policy-text";
import { HttpsJson } from "../../../../sandbox/servers/https-json";
import { VaultProcess } from "../../../providers/vault/vault-process";

export const MOUNT = "transit";
export const KEY = "sops";

/** A real Vault with a transit key for sops, over TLS. */
export class SopsVault {
  private constructor(private readonly process: VaultProcess) {}

  static async start(): Promise<SopsVault> {
    const vault = new SopsVault(await VaultProcess.start());
    await vault.api.write(`sys/mounts/${MOUNT}`, { type: "transit" });
    await vault.newKey(KEY);
    return vault;
  }

  stop(): Promise<void> {
    return this.process.stop();
  }

  get api() {
    return this.process.api;
  }

  get address(): string {
    return this.process.address;
  }

  get ca(): string {
    return this.process.ca;
  }

  get rootToken(): string {
    return this.process.token;
  }

  /** The key's address in `.sops.yaml`. */
  keyUri(key = KEY): string {
    return `${this.address}/v1/${MOUNT}/keys/${key}`;
  }

  /** What a person has set who works with this Vault. */
  env(token = this.rootToken): Record<string, string> {
    return { VAULT_ADDR: this.address, VAULT_CACERT: this.ca, VAULT_TOKEN: token };
  }

  async newKey(name: string): Promise<void> {
    await this.api.write(`${MOUNT}/keys/${name}`, { type: "aes256-gcm96" });
  }

  /** Resolves with the key's new version. */
  async rotate(key = KEY): Promise<number> {
    await this.api.write(`${MOUNT}/keys/${key}/rotate`, {});
    const state = await this.api.read(`${MOUNT}/keys/${key}`);
    return Number(state?.latest_version);
  }

  /** A token with nothing but the program's own policies of these names. */
  async token(...roles: (keyof ReturnType<typeof keyGrants>)[]): Promise<string> {
    const grants = keyGrants(MOUNT, KEY);
    for (const role of roles)
      await this.api.write(`sys/policies/acl/sops-${role}`, { policy: policyText(grants[role]) });
    // Without any, it would get those of the root token.
    const policies = ["sops-nothing", ...roles.map((role) => `sops-${role}`)];
    return this.newToken({ policies, no_default_policy: true });
  }

  async newToken(body: Record<string, string | boolean | string[]>): Promise<string> {
    const answer = await this.raw("auth/token/create", body);
    return (answer as { auth: { client_token: string } }).auth.client_token;
  }

  async seal(): Promise<void> {
    await this.raw("sys/seal", {});
  }

  /** For answers that have no `data`. */
  private async raw(path: string, body: object): Promise<unknown> {
    const http = new HttpsJson({ address: this.address, ca: readFileSync(this.ca, "utf8") });
    try {
      const headers = { "x-vault-token": this.rootToken };
      return (await http.send("PUT", `/v1/${path}`, { headers, body })).body;
    } finally {
      http.close();
    }
  }
}
