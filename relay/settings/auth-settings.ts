import { type Environment, Problem } from "./environment";
import { LiveSecret } from "./live-secret";
import { baseUrl, list, matching, oneOf, uuid } from "./values";

/** Who may deliver events: the holder of a token from Microsoft Entra ID, or of a secret. */
export type AuthSettings =
  | ({ readonly mode: "entra" } & EntraSettings)
  | { readonly mode: "secret"; readonly secrets: LiveSecret };

export interface EntraSettings {
  /** Where tokens come from, such as `https://login.microsoftonline.com`. */
  readonly authority: string;
  readonly tenant: string;
  /** What the tokens must be for: the webhook application's id, its URI, or both. */
  readonly audiences: readonly string[];
  /** Applications that may ask for such tokens: Event Grid's own, and what else may replay. */
  readonly callers: readonly string[];
  /** App role that the token must carry. */
  readonly role: string;
}

type Secrets = Omit<Parameters<typeof LiveSecret.from>[2], "check">;

/** The application of Microsoft's Event Grid, the same in every tenant. */
const EVENT_GRID = "4962773b-9cdb-44cf-a8bf-237846a00ab7";
const EVENT_GRID_ROLE = "AzureEventGridSecureWebhookSubscriber";
const SHORTEST_SECRET = 32;

const audience = matching(/^\S+$/, "the webhook application's id or URI, without blanks");
const roleName = matching(/^[\w.-]+$/, "the name of an app role");

export function authSettings(env: Environment, secrets: Secrets): AuthSettings | undefined {
  const mode = env.read("RELAY_AUTH", oneOf("entra", "secret"));
  if (mode === "secret") {
    const live = LiveSecret.from(env, "RELAY_SECRET", { check: sharedSecret, ...secrets });
    return live && { mode, secrets: live };
  }
  if (mode === undefined) return undefined;
  const authority = env.read("RELAY_ENTRA_AUTHORITY", baseUrl, "https://login.microsoftonline.com");
  const tenant = env.read("RELAY_ENTRA_TENANT", uuid);
  const audiences = env.read("RELAY_ENTRA_AUDIENCES", list(audience));
  const callers = env.read("RELAY_ENTRA_CALLERS", list(uuid), [EVENT_GRID]);
  const role = env.read("RELAY_ENTRA_ROLE", roleName, EVENT_GRID_ROLE);
  if (!authority || !tenant || !audiences || !callers || !role) return undefined;
  return {
    mode,
    authority,
    tenant: tenant.toLowerCase(),
    audiences,
    callers: callers.map((id) => id.toLowerCase()),
    role,
  };
}

/** The shorter, the easier it is guessed from outside: the relay's address is public. */
function sharedSecret(value: string): void {
  if (!new RegExp(`^[\\x21-\\x7e]{${SHORTEST_SECRET},}$`).test(value))
    throw new Problem(
      `is shorter than ${SHORTEST_SECRET} characters, or has blanks in it; make one with: openssl rand -hex 32`,
    );
}
