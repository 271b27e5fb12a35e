/** Stands in the place of what looks like a token. */
export const MASKED = "[masked]";

/** Nothing that a prefix may follow within a word: `task-…` is no `sk-…`. */
const START = "(?<![A-Za-z0-9])";
const BODY = "[A-Za-z0-9_.=-]";

/** Prefixes by which the makers of tokens mark them, and how long the rest is at least. */
const PREFIXES: readonly (readonly [prefix: string, atLeast: number])[] = [
  // Vault: service, batch and recovery tokens.
  ["hv[sbr]\\.", 6],
  // GitLab: personal, trigger, runner, job, deploy, feed, agent, SCIM, feature flag, OAuth and incoming mail tokens.
  ["gl(?:pat|ptt|rt|rtr|cbt|dt|ft|agent|soat|ffct|oas|imt)-", 6],
  ["GR1348941", 6],
  // GitHub, Slack, npm, Pulumi, AWS, Google, Stripe.
  ["gh[pousr]_", 16],
  ["github_pat_", 16],
  ["xox[abeoprs]-", 8],
  ["npm_", 30],
  ["pul-", 30],
  ["(?:AKIA|ASIA)", 12],
  ["AIza", 30],
  ["(?:sk|rk)_live_", 10],
];

/** Nothing shorter is a token; most names and values are. */
const SHORTEST = 8;

/** PEM blocks; one that was cut short counts to the end of the text. */
const PRIVATE_KEY =
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|$)/g;
const AGE_KEY = /AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]*/gi;
/** Vault's tokens of before 1.10. */
const OLD_VAULT_TOKEN = new RegExp(`${START}[sbr]\\.[A-Za-z0-9]{24,}(?![A-Za-z0-9])`, "g");
const JWT = new RegExp(`${START}eyJ[\\w-]{4,}\\.[\\w-]{4,}\\.[\\w-]*`, "g");
const AUTHORIZATION = /\b(bearer|basic|private-token:|x-vault-token:)(\s+)(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}/gi;
/** `password=…`, `"token": "…"` and the like in what programs print. */
const ASSIGNMENT =
  /((?<![A-Za-z0-9])(?:[A-Za-z0-9]+[_-])*(?:password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key|access[_-]?key)["']?[ \t]*[:=][ \t]*["']?)(?!\[secret\]|\[masked\]|\[known)([^\s"',;&]{4,})/gi;
const PASSWORD_IN_URL = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+@/gi;
const MARKED = PREFIXES.map(([prefix, least]) => new RegExp(`${START}${prefix}${BODY}{${least},}`, "g"));

/**
 * The text without what looks like a token or a private key. A second line of defence: the first is that Pulumi knows which values
 * are secret. It knows nothing of a token that a program prints, or puts into a property in clear.
 */
export function masked(text: string): string {
  if (text.length < SHORTEST) return text;
  const wholes = [PRIVATE_KEY, AGE_KEY, JWT, OLD_VAULT_TOKEN, ...MARKED];
  const without = wholes.reduce((rest, pattern) => rest.replace(pattern, MASKED), text);
  return without
    .replace(AUTHORIZATION, (_, scheme: string, space: string) => `${scheme}${space}${MASKED}`)
    .replace(ASSIGNMENT, (_, before: string) => `${before}${MASKED}`)
    .replace(PASSWORD_IN_URL, (_, before: string) => `${before}${MASKED}@`);
}
