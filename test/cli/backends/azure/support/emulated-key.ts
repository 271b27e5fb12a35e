import { setTimeout as sleep } from "node:timers/promises";
import type { Recipient } from "../../../../../cli/sops-file/recipient";
import type { TestAzure } from "../../../../emulators/azure/support/test-azure";

const API = "api-version=7.4";

/** One key of an emulated vault, as its administrator sees it. */
export class EmulatedKey {
  private constructor(
    private readonly azure: TestAzure,
    /** Without a version. */
    readonly url: string,
    private version: string,
  ) {}

  static async create(azure: TestAzure, url: string): Promise<EmulatedKey> {
    const body = { kty: "RSA", key_size: 2048, key_ops: ["encrypt", "decrypt"] };
    return new EmulatedKey(azure, url, await ask(azure, "POST", `${url}/create`, body));
  }

  /** Id of the newest version. */
  get current(): string {
    return this.version;
  }

  /** In a second of its own: vaults and sops know no shorter times. Resolves with the new version's id. */
  async rotate(): Promise<string> {
    await sleep(1005 - (Date.now() % 1000));
    this.version = await ask(this.azure, "POST", `${this.url}/rotate`);
    return this.version;
  }

  /** @param attributes as in the API; times are in seconds since 1970 */
  async change(version: string, attributes: { enabled?: boolean; exp?: number }): Promise<void> {
    await ask(this.azure, "PATCH", `${this.url}/${version}`, { attributes });
  }

  /** Ids of the versions that open, oldest first. */
  async enabled(): Promise<string[]> {
    const token = await this.azure.token("https://vault.azure.net/.default");
    const { body } = await this.azure.ask("GET", `${this.url}/versions?${API}`, { token });
    const versions = body.value as { kid: string; attributes: { enabled: boolean; created: number } }[];
    return versions
      .filter(({ attributes }) => attributes.enabled)
      .toSorted((one, other) => one.attributes.created - other.attributes.created)
      .map(({ kid }) => kid.split("/").at(-1) ?? "");
  }

  async remove(): Promise<void> {
    await ask(this.azure, "DELETE", this.url);
  }

  /** The data key itself, which only a test may look at. */
  async open({ version = "", wrapped }: Recipient): Promise<Buffer> {
    const token = await this.azure.token("https://vault.azure.net/.default");
    const body = { alg: "RSA-OAEP-256", value: wrapped };
    const answer = await this.azure.ask("POST", `${this.url}/${version}/decrypt?${API}`, { token, body });
    if (answer.status !== 200) throw new Error(answer.text);
    return Buffer.from(String(answer.body.value), "base64url");
  }
}

/** Resolves with the version that the answer is about. */
async function ask(azure: TestAzure, method: string, url: string, body?: object): Promise<string> {
  const token = await azure.token("https://vault.azure.net/.default");
  const answer = await azure.ask(method, `${url}?${API}`, { token, ...(body && { body }) });
  if (answer.status !== 200) throw new Error(`${method} ${url}: ${answer.status}: ${answer.text}`);
  return /"kid":"[^"]+\/([^/"]+)"/.exec(answer.text)?.[1] ?? "";
}
