import { readFile } from "node:fs/promises";
import type { PlainMap } from "../../engine/resource-type";
import { withoutStop } from "../http/azure-error";
import type { AzureHttp } from "../http/azure-http";
import { mapIn } from "../http/json";
import type { Cloud } from "./clouds";
import type { Settings } from "./settings";

interface Token {
  readonly text: string;
  /** In milliseconds since 1970. */
  readonly endsAt: number;
}

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** A token that ends sooner is not used any more. */
const MARGIN_MS = 5 * 60_000;

/** What mends Entra's most usual refusals. */
const ADVICE: Readonly<Record<string, string>> = {
  AADSTS7000215: "set ARM_CLIENT_SECRET to the secret's value, not to its id",
  AADSTS7000222: "the secret has ended: make a new one",
  AADSTS700016: "ARM_CLIENT_ID names no application of the tenant ARM_TENANT_ID",
  AADSTS90002: "ARM_TENANT_ID names no tenant",
  AADSTS70021: "no federated credential of the application has this token's issuer and subject",
  AADSTS700213: "no federated credential of the application has this token's subject",
  AADSTS700212: "no federated credential of the application has this token's audience",
};

/** Tokens from Entra for this program's application, each until it ends. */
export class EntraLogin {
  private readonly tokens = new Map<string, Promise<Token>>();

  constructor(
    private readonly http: AzureHttp,
    private readonly settings: Settings,
    private readonly cloud: Cloud,
  ) {}

  /** @param resource what the token is for: `https://vault.azure.net`. Throws one line when Entra refuses. */
  async token(resource: string): Promise<string> {
    const known = await this.tokens.get(resource)?.catch(() => undefined);
    if (known !== undefined && known.endsAt - MARGIN_MS > Date.now()) return known.text;
    const asked = this.ask(resource);
    this.tokens.set(resource, asked);
    return (await asked).text;
  }

  private async ask(resource: string): Promise<Token> {
    const { tenantId, clientId } = this.settings;
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      scope: `${resource}/.default`,
      ...(await this.proof()),
    });
    const answer = await this.http.send({
      method: "POST",
      url: new URL(`${encodeURIComponent(tenantId)}/oauth2/v2.0/token`, this.cloud.login),
      headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
      body: form.toString(),
      doing: `log ${clientId} in`,
    });
    const body = mapIn(answer);
    if (answer.status !== 200 || typeof body.access_token !== "string")
      throw this.refusal(answer.status, body);
    return { text: body.access_token, endsAt: Date.now() + Number(body.expires_in ?? 0) * 1000 };
  }

  private async proof(): Promise<Record<string, string>> {
    const { proof } = this.settings;
    if (proof.kind === "secret") return { client_secret: proof.secret };
    return { client_assertion_type: ASSERTION_TYPE, client_assertion: await this.assertion() };
  }

  /** A file is read each time: tokens in files are renewed. */
  private async assertion(): Promise<string> {
    const { proof } = this.settings;
    switch (proof.kind) {
      case "token":
        return proof.token;
      case "file":
        return (
          await readFile(proof.path, "utf8").catch((error: NodeJS.ErrnoException) => {
            throw new Error(`cannot read the OIDC token in ${proof.path}: ${error.code}`);
          })
        ).trim();
      case "request":
        return this.requested(proof.url, proof.token);
      default:
        throw new Error("a client secret is no assertion");
    }
  }

  private async requested(url: URL, token: string): Promise<string> {
    const headers = { Authorization: `Bearer ${token}`, Accept: "application/json" };
    const doing = "give an OIDC token";
    const answer = await this.http.send({ method: "GET", url, headers, doing });
    const { value } = mapIn(answer);
    if (answer.status === 200 && typeof value === "string") return value;
    throw new Error(
      `${url.host} refused to ${doing} (${answer.status}); see oidcRequestUrl and oidcRequestToken`,
    );
  }

  /** Of Entra's words, which go on with ids of the request, the first sentence. */
  private refusal(status: number, { error, error_description: description }: PlainMap): Error {
    const [line = ""] = String(description ?? error ?? "no reason given").split(/\r?\n| Trace ID:/);
    const advice = ADVICE[/^AADSTS\d+/.exec(line)?.[0] ?? ""];
    const { clientId } = this.settings;
    const reason = advice === undefined ? line : `${withoutStop(line)}; ${advice}`;
    return new Error(`Entra refused to log ${clientId} in (${status}): ${reason}`);
  }
}
