import { errorsOf } from "../backends/vault/vault-answer";
import { VaultConnection } from "../backends/vault/vault-connection";
import type { VaultSettings } from "../backends/vault/vault-settings";
import { Fault, Skip } from "./probe";

/** Vault as one identity. */
export class VaultAccess {
  private readonly connection: VaultConnection;
  private root: VaultAccess | undefined;

  constructor(
    readonly address: string,
    private readonly settings: VaultSettings,
    /** How this identity is called in a line for people. */
    private readonly who = "this token",
  ) {
    this.connection = new VaultConnection(address, settings);
  }

  /** `data` of what is there; undefined where nothing is. Throws Skip where this identity may not look. */
  read(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    return this.look(path, `read ${path}`);
  }

  /** Names of what is there, sorted. Throws Skip where this identity may not look. */
  async list(path: string): Promise<string[]> {
    return listOf((await this.look(`${path}?list=true`, `list ${path}`))?.keys);
  }

  /** Whatever the answer is. */
  async write(
    path: string,
    body: object,
  ): Promise<{ status: number; why: string; body: Readonly<Record<string, unknown>> }> {
    const answer = await this.connection.send("POST", path, body);
    return {
      status: answer.status,
      why: errorsOf(answer.body),
      body: fieldOf({ answer: answer.body }, "answer") ?? {},
    };
  }

  /** What another identity may do with these paths, as Vault itself works it out. Throws Skip where this one may not ask. */
  async capabilitiesOf(other: VaultAccess, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const answer = await this.connection.send("POST", "sys/capabilities", {
      token: await other.connection.token(),
      paths,
    });
    if (answer.status === 403)
      throw new Skip(`${this.who} may not ask for others' rights (update on sys/capabilities)`);
    const data = fieldOf(answer.body, "data") ?? {};
    return new Map(paths.map((path) => [path, listOf(data[path]).join(", ")]));
  }

  /** What Vault knows of this identity's token, whatever the answer is. */
  async self(): Promise<{ status: number; why: string; data: Readonly<Record<string, unknown>> }> {
    const { status, body } = await this.connection.send("GET", "auth/token/lookup-self");
    return { status, why: errorsOf(body), data: fieldOf(body, "data") ?? {} };
  }

  private async look(path: string, what: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const { status, body } = await this.connection.send("GET", path);
    if (status === 404) return undefined;
    if (status === 403)
      throw new Skip(`${this.who} may not ${what}; give it that, or run this as the deployer`);
    if (status >= 400)
      throw new Fault(`Vault answers ${status} when asked to ${what}: ${errorsOf(body)}`, `vault ${what}`);
    return fieldOf(body, "data") ?? fieldOf({ body }, "body");
  }

  /** The same identity outside of any namespace: seal and audit devices are the whole server's. */
  atRoot(): VaultAccess {
    const { namespace: _, ...settings } = this.settings;
    this.root ??= new VaultAccess(this.address, settings, this.who);
    return this.root;
  }

  /** The same server with another token. */
  as(token: string, who: string): VaultAccess {
    return new VaultAccess(this.address, { ...this.settings, token }, who);
  }

  close(): void {
    this.root?.close();
    this.connection.close();
  }
}

/** A field that is an object. */
export function fieldOf(value: unknown, name: string): Readonly<Record<string, unknown>> | undefined {
  const field = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return typeof field === "object" && field !== null ? field : undefined;
}

/** A list of texts, however Vault writes it. */
export function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String).sort() : [];
}
