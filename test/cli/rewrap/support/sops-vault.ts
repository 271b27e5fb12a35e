import { keyGrants, policyText } from "../../../../components/vault/policy-text";
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
    return this.newToken({ policies: roles.map((role) => `sops-${role}`), no_default_policy: true });
  }

  async newToken(body: Record<string, string | boolean | string[]>): Promise<string> {
    const { auth } = await this.raw("POST", "auth/token/create", body);
    return auth.client_token;
  }

  /** Requests whose answer is not under `data`. */
  private async raw(method: string, path: string, body: object) {
    const { HttpsJson } = await import("../../../../sandbox/servers/https-json");
    const { readFileSync } = await import("node:fs");
    const http = new HttpsJson({ address: this.address, ca: readFileSync(this.ca, "utf8") });
    try {
      const headers = { "x-vault-token": this.rootToken };
      const answer = await http.send(method, `/v1/${path}`, { headers, body });
      return answer.body as { auth: { client_token: string } };
    } finally {
      http.close();
    }
  }
}
