import { type Environment, Problem } from "./environment";
import { wholeNumber } from "./values";

/** Where it is kept what was done already. */
export type ClaimSettings = {
  /** How long a version that was dealt with is remembered, in milliseconds. */
  readonly keptMs: number;
} & ClaimPlace;

export type ClaimPlace =
  | { readonly kind: "folder"; readonly folder: string }
  /** `https://<account>.table.core.windows.net` and the table's name in it. */
  | { readonly kind: "table"; readonly account: string; readonly table: string };

const HOUR_MS = 3_600_000;
/** Event Grid tries for 24 h; a dead letter is replayed on the day after. */
const LEAST_HOURS = 48;

export function claimSettings(env: Environment): ClaimSettings | undefined {
  const place = env.read("RELAY_CLAIMS", placeOf);
  const hours = env.read("RELAY_CLAIMS_HOURS", wholeNumber(LEAST_HOURS, 24 * 365), 24 * 7);
  if (!place || hours === undefined) return undefined;
  return { ...place, keptMs: hours * HOUR_MS };
}

function placeOf(value: string): ClaimPlace {
  if (value.startsWith("/")) return { kind: "folder", folder: value };
  const [, account, table] = /^(https:\/\/[^/\s?#@]+)\/([A-Za-z][A-Za-z0-9]{2,62})$/.exec(value) ?? [];
  if (account === undefined || table === undefined)
    throw new Problem(
      "is neither a folder (/var/lib/sopsloop/claims) nor a table (https://<account>.table.core.windows.net/<table>)",
    );
  return { kind: "table", account, table };
}
