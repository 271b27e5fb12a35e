import { readFileSync } from "node:fs";
import { HttpsJson } from "../../../sandbox/servers/https-json";
import type { Layout } from "../../../sandbox/servers/layout";
import type { VaultApi } from "../../../sandbox/servers/vault-api";

export interface VaultAnswer {
  readonly status: number;
  readonly errors: readonly string[];
}

/** Vault as somebody who is not root: what is refused is the point. */
export class VaultAs {
  private constructor(
    private readonly layout: Layout,
    private readonly token: string,
  ) {}

  /** Rejects with Vault's status and reason when the login is refused. */
  static async login(layout: Layout, mount: string, role: string, jwt: string): Promise<VaultAs> {
    const { status, body } = await send(layout, "POST", `auth/${mount}/login`, { role, jwt });
    const token = (body as { auth?: { client_token?: string } } | undefined)?.auth?.client_token;
    if (token === undefined) throw new Error(`${status} ${errorsOf(body).join("; ")}`);
    return new VaultAs(layout, token);
  }

  /** With a token that has one policy, and not the default one. */
  static async withPolicy(root: VaultApi, layout: Layout, policy: string): Promise<VaultAs> {
    const wish = { policies: [policy], no_default_policy: true, ttl: "5m" };
    const made = await root.send<{ auth: { client_token: string } }>("POST", "auth/token/create", wish);
    return new VaultAs(layout, made?.auth.client_token ?? "");
  }

  async send(method: string, path: string, body?: object): Promise<VaultAnswer> {
    const answer = await send(this.layout, method, path, body, this.token);
    return { status: answer.status, errors: errorsOf(answer.body) };
  }

  post(path: string, body: object): Promise<VaultAnswer> {
    return this.send("POST", path, body);
  }
}

async function send({ vault }: Layout, method: string, path: string, body?: object, token?: string) {
  const http = new HttpsJson({ address: vault.address, ca: readFileSync(vault.ca, "utf8") });
  try {
    const headers: Record<string, string> = token === undefined ? {} : { "x-vault-token": token };
    return await http.send(method, `/v1/${path}`, { headers, ...(body && { body }) });
  } finally {
    http.close();
  }
}

function errorsOf(body: unknown): string[] {
  const errors = typeof body === "object" && body !== null ? Reflect.get(body, "errors") : undefined;
  return Array.isArray(errors) ? errors.map(String) : [];
}
