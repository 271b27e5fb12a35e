import { type Clock, REAL_CLOCK } from "../clock";
import { type AuthSettings, authSettings } from "./auth-settings";
import { type ClaimSettings, claimSettings } from "./claim-settings";
import { Environment, Problem } from "./environment";
import { type GitLabSettings, gitlabSettings } from "./gitlab-settings";
import { type ReadFile, readText } from "./live-secret";
import { list } from "./values";

/** All that a relay is told, checked. */
export interface Settings {
  readonly gitlab: GitLabSettings;
  readonly auth: AuthSettings;
  readonly claims: ClaimSettings;
  /** Keys whose new versions start pipelines, as `vault/key` in lower case. */
  readonly keys: ReadonlySet<string>;
  /** Names of event subscriptions that may be confirmed and deliver, in lower case. */
  readonly subscriptions: ReadonlySet<string>;
  /** Origins that may deliver CloudEvents, in lower case. */
  readonly origins: ReadonlySet<string>;
}

const EVENT_GRID_ORIGIN = "eventgrid.azure.net";

/**
 * Reads the settings from environment variables (docs/relay.md has them all).
 *
 * @throws SettingsError with everything that is wrong.
 */
export function readSettings(
  variables: Readonly<Record<string, string | undefined>>,
  { readFile = readText, clock = REAL_CLOCK }: { readFile?: ReadFile; clock?: Clock } = {},
): Settings {
  const env = new Environment(variables);
  const secrets = { readFile, clock };
  const gitlab = gitlabSettings(env, secrets);
  const auth = authSettings(env, secrets);
  const claims = claimSettings(env);
  const keys = env.read("RELAY_KEYS", list(keyName));
  const subscriptions = env.read("RELAY_SUBSCRIPTIONS", list(lowerCase));
  const origins = env.read("RELAY_ORIGINS", list(lowerCase), [EVENT_GRID_ORIGIN]);
  env.settle();
  if (!gitlab || !auth || !claims || !keys || !subscriptions || !origins)
    throw new Error("a setting is missing, and nobody has said which");
  return {
    ...{ gitlab, auth, claims },
    keys: new Set(keys),
    subscriptions: new Set(subscriptions),
    origins: new Set(origins),
  };
}

function keyName(value: string): string {
  if (!/^[0-9a-z-]{3,24}\/[0-9a-z-]{1,127}$/i.test(value))
    throw new Problem("holds something else than vault/key, such as kv-sops-prod/sops");
  return value.toLowerCase();
}

function lowerCase(value: string): string {
  return value.toLowerCase();
}
