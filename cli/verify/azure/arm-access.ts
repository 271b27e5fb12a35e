import { AccessTokens } from "../../backends/azure/access-tokens";
import { type AzureSettings, azureSettings } from "../../backends/azure/azure-settings";
import type { Challenge } from "../../backends/azure/challenge";
import { cloudOf, vaultHost } from "../../backends/azure/clouds";
import { secureOptions } from "../../backends/azure/secure-options";
import { type HttpAnswer, HttpConnection, type Lost } from "../../backends/http/http-connection";
import { jsonOf } from "../../backends/http/json-body";
import { isTransient, REAL_CLOCK } from "../../backends/http/retries";
import { CliError } from "../../errors/cli-error";
import type { Io } from "../../io";
import { Skip } from "../probe";
import { fieldOf } from "../vault-access";

type Fields = Readonly<Record<string, unknown>>;

const RETRIES = 4;
const SOCKETS = 4;

/** Azure Resource Manager as the caller's own identity; nothing is changed. */
export class ArmAccess {
  private readonly http: HttpConnection;
  private readonly tokens: AccessTokens;

  private constructor(
    private readonly origin: string,
    private readonly challenge: Challenge,
    settings: AzureSettings,
  ) {
    const manners = {
      isTransient: ({ status }: HttpAnswer) => isTransient(status) || status === 500,
      unreachable: ({ code, message }: Lost) =>
        new CliError(`${origin} cannot be reached (${code || message}); can this machine reach it?`),
      exhausted: ({ status }: HttpAnswer, tries: number) =>
        new CliError(`${origin} still answers ${status}, tried ${tries} times; run this again later`),
    };
    const options = { tls: secureOptions(settings), retries: RETRIES, sockets: SOCKETS };
    this.http = new HttpConnection(new URL(origin), options, manners);
    this.tokens = new AccessTokens(settings, REAL_CLOCK);
  }

  /** @param vault URL of a vault: Resource Manager is that of its cloud, and no other sees a token. @throws Skip for one of no cloud. */
  static open(vault: string, tenant: string, env: Io["env"]): ArmAccess {
    const settings = azureSettings(env);
    const cloud = vaultHost(new URL(vault).hostname)?.cloud;
    if (cloud === undefined) throw new Skip(`${vault} is in no cloud of Azure's`);
    const own = cloudOf(settings.authority);
    if (own !== undefined && own !== cloud)
      throw new Skip(`${vault} is in ${cloud.name}, this identity is of ${own.name}`);
    const origin = cloud.resourceManager;
    return new ArmAccess(origin, { tenant, scope: `${origin}/.default` }, settings);
  }

  /** Object id of who asks; undefined where its token does not tell. */
  async self(): Promise<string | undefined> {
    const [, claims = ""] = (await this.tokens.for(this.challenge)).split(".");
    const id = fieldOf({ claims: jsonOf(Buffer.from(claims, "base64url")) }, "claims")?.oid;
    return typeof id === "string" ? id : undefined;
  }

  /** A resource; undefined where there is none. @throws Skip where this identity may not look. */
  async get(path: string, version: string): Promise<Fields | undefined> {
    return this.ask(`${path}?api-version=${version}`);
  }

  /** Every page of a list. */
  async list(path: string, version: string, filter = ""): Promise<Fields[]> {
    const found: Fields[] = [];
    const asked = new Set<string>();
    let next: string | undefined =
      `${path}?api-version=${version}${filter === "" ? "" : `&$filter=${filter}`}`;
    while (next !== undefined && !asked.has(next)) {
      asked.add(next);
      const body: Fields | undefined = await this.ask(next);
      const page = body?.value;
      for (const item of Array.isArray(page) ? page : [])
        if (typeof item === "object" && item !== null) found.push(item as Fields);
      next = this.pathOf(body?.nextLink);
    }
    return found;
  }

  close(): void {
    this.http.close();
    this.tokens.close();
  }

  private async ask(path: string): Promise<Fields | undefined> {
    const token = await this.tokens.for(this.challenge);
    const headers = { Authorization: `Bearer ${token}`, Accept: "application/json" };
    const { status, body } = await this.http.send({ method: "GET", path, headers });
    const where = path.replace(/\?.*$/, "");
    if (status === 404) return undefined;
    if (status === 401 || status === 403)
      throw new Skip(`this identity may not read ${where}; it takes the role Reader`);
    const found = jsonOf(body);
    if (status !== 200) {
      const told = fieldOf(found, "error");
      throw new Skip(`Azure answers ${status} ${told?.code ?? ""} for ${where}`);
    }
    return fieldOf({ found }, "found");
  }

  /** Of the next page, which must be on the same server. */
  private pathOf(link: unknown): string | undefined {
    if (typeof link !== "string" || !URL.canParse(link)) return undefined;
    const { origin, pathname, search } = new URL(link);
    return origin === this.origin ? `${pathname}${search}` : undefined;
  }
}
