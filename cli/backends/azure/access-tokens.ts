import type { TokenCredential } from "@azure/identity";
import { CliError } from "../../errors/cli-error";
import type { Clock } from "../http/retries";
import type { AzureSettings } from "./azure-settings";
import type { Challenge } from "./challenge";
import { entraRefusal } from "./entra-refusals";
import type { WayIn } from "./identities";
import type { IdentityClient } from "./identity-client";

interface Token {
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly ends: number;
}

/** A token is asked for anew when it has less than that left: a run must not meet its end between two requests. */
const MARGIN_MS = 2 * 60_000;

/** Tokens of Entra ID for this identity: one for each resource and tenant, and so one for nearly every run. */
export class AccessTokens {
  private readonly tokens = new Map<string, Promise<Token>>();
  private client: IdentityClient | undefined;
  private ways: readonly WayIn[] | undefined;
  /** The one that gave a token. */
  private chosen: WayIn | undefined;

  constructor(
    private readonly settings: AzureSettings,
    private readonly clock: Clock,
  ) {}

  /** @throws CliError where there is no identity (2), or Entra ID gives it no token. */
  async for(challenge: Challenge): Promise<string> {
    const id = `${challenge.tenant} ${challenge.scope}`;
    const known = this.tokens.get(id) ?? this.start(id, challenge);
    const token = await known;
    if (token.ends - this.clock.now() > MARGIN_MS) return token.text;
    // The first one that sees it ending asks for the next.
    const next = this.tokens.get(id) === known ? this.start(id, challenge) : this.tokens.get(id);
    return (await (next ?? known)).text;
  }

  close(): void {
    this.client?.close();
  }

  private start(id: string, challenge: Challenge): Promise<Token> {
    const token = this.ask(challenge);
    this.tokens.set(id, token);
    return token;
  }

  private async ask(challenge: Challenge): Promise<Token> {
    if (this.chosen) return this.from(this.chosen, challenge);
    const tried: string[] = [];
    for (const way of await this.waysIn()) {
      try {
        const token = await this.from(way, challenge);
        this.chosen = way;
        return token;
      } catch (error) {
        if (way.meant || error instanceof CliError) throw error;
        tried.push(way.name);
      }
    }
    const names = tried.length > 0 ? `; none of ${tried.join(", ")} has one` : "";
    throw new CliError(
      `no Azure identity: a CI job has AZURE_ID_TOKEN, AZURE_CLIENT_ID and AZURE_TENANT_ID, a person runs \`az login\`${names}`,
      2,
    );
  }

  private async from(way: WayIn, { scope, tenant }: Challenge): Promise<Token> {
    const { name, credential, meant } = way;
    const token = await tokenOf(credential, scope, tenant).catch((error: unknown) => {
      if (error instanceof CliError) throw error;
      const told = /network_error|endpoints_resolution/.test(String(error)) ? this.client?.lost : undefined;
      if (meant || this.chosen === way) throw entraRefusal(name, this.settings, tenant, told ?? error);
      throw error;
    });
    return { text: token.token, ends: token.expiresOnTimestamp };
  }

  private async waysIn(): Promise<readonly WayIn[]> {
    if (this.ways) return this.ways;
    const [{ waysIn }, { IdentityClient }] = await Promise.all([
      import("./identities"),
      import("./identity-client"),
    ]);
    this.client ??= new IdentityClient(this.settings);
    this.ways ??= waysIn(this.settings, this.client);
    return this.ways;
  }
}

async function tokenOf(credential: TokenCredential, scope: string, tenantId: string) {
  const token = await credential.getToken(scope, { tenantId });
  if (!token) throw new Error("no token came");
  return token;
}
