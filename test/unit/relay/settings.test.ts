import { describe, expect, test } from "vitest";
import { readSettings } from "../../../relay/settings/settings";
import { SettingsError } from "../../../relay/settings/settings-error";
import { ManualClock } from "./support/manual-clock";
import { ENTRA_ENV, NEXT_TOKEN, SECRET, SECRET_ENV, TOKEN } from "./support/rig";

const files: Readonly<Record<string, string>> = { "/run/token": `${TOKEN}\n`, "/run/empty": "\n" };

function readFile(path: string): string {
  const text = files[path];
  if (text === undefined) throw Object.assign(new Error(`no such file ${path}`), { code: "ENOENT" });
  return text;
}

function problemsOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  try {
    readSettings(env, { readFile });
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems;
  }
}

test("everything that is missing is told at once", () => {
  expect(problemsOf({}).map((line) => line.split(":")[0])).toEqual([
    "GITLAB_URL",
    "GITLAB_PROJECT",
    "GITLAB_TRIGGER_TOKEN",
    "RELAY_AUTH",
    "RELAY_CLAIMS",
    "RELAY_KEYS",
    "RELAY_SUBSCRIPTIONS",
  ]);
});

test("what is set is read", () => {
  const { gitlab, auth, claims, keys, subscriptions, origins } = readSettings({
    ...ENTRA_ENV,
    GITLAB_URL: "https://gitlab.example.com/base/",
    GITLAB_TRIGGER_TOKEN_NEXT: NEXT_TOKEN,
    RELAY_ENTRA_AUDIENCES: "api://sopsloop-relay, 12345678-1234-1234-1234-123456789abc",
    RELAY_CLAIMS: "https://account.table.core.windows.net/claims",
    RELAY_KEYS: "KV-One/Sops, kv-two/sops",
    RELAY_SUBSCRIPTIONS: "One,two,",
  });
  expect(gitlab).toMatchObject({ url: "https://gitlab.example.com/base", project: "101", ref: "main" });
  expect(gitlab.tokens.values).toEqual([TOKEN, NEXT_TOKEN]);
  expect(auth).toMatchObject({
    mode: "entra",
    audiences: ["api://sopsloop-relay", "12345678-1234-1234-1234-123456789abc"],
    callers: ["4962773b-9cdb-44cf-a8bf-237846a00ab7"],
    role: "AzureEventGridSecureWebhookSubscriber",
  });
  expect(claims).toEqual({
    ...{ kind: "table", account: "https://account.table.core.windows.net", table: "claims" },
    keptMs: 7 * 24 * 3_600_000,
  });
  expect([...keys]).toEqual(["kv-one/sops", "kv-two/sops"]);
  expect([...subscriptions]).toEqual(["one", "two"]);
  expect([...origins]).toEqual(["eventgrid.azure.net"]);
});

describe("one line for each thing that is wrong", () => {
  const wrong: readonly [Record<string, string | undefined>, string][] = [
    [{ GITLAB_URL: "gitlab.example.com" }, "GITLAB_URL: is no URL"],
    [{ GITLAB_URL: "http://gitlab.example.com" }, "GITLAB_URL: does not begin with https://"],
    [{ GITLAB_URL: "https://user:pass@gitlab.example.com" }, "GITLAB_URL: holds more than an address"],
    [{ GITLAB_URL: "https://gitlab.example.com/?token=x" }, "GITLAB_URL: holds more than an address"],
    [{ GITLAB_PROJECT: "deploy" }, "GITLAB_PROJECT: is not a project's number or full path"],
    [{ GITLAB_REF: "a b" }, "GITLAB_REF: is not a branch"],
    [
      { GITLAB_TRIGGER_TOKEN: "glpat-12345678901234567890" },
      "GITLAB_TRIGGER_TOKEN: is a personal or project access token",
    ],
    [{ GITLAB_TRIGGER_TOKEN: "short" }, "GITLAB_TRIGGER_TOKEN: is no token"],
    [{ GITLAB_READ_TOKEN: TOKEN }, "GITLAB_READ_TOKEN: is a pipeline trigger token, which reads nothing"],
    [{ GITLAB_READ_TOKEN_NEXT: "short" }, "GITLAB_READ_TOKEN_NEXT: is no token"],
    [{ GITLAB_READ_TOKEN_FILE: "/run/none" }, "GITLAB_READ_TOKEN_FILE: /run/none cannot be read (ENOENT)"],
    [
      { GITLAB_TRIGGER_TOKEN_FILE: "/run/token" },
      "GITLAB_TRIGGER_TOKEN: is set, and so is GITLAB_TRIGGER_TOKEN_FILE",
    ],
    [
      { GITLAB_TRIGGER_TOKEN: undefined, GITLAB_TRIGGER_TOKEN_FILE: "/run/none" },
      "GITLAB_TRIGGER_TOKEN_FILE: /run/none cannot be read (ENOENT)",
    ],
    [
      { GITLAB_TRIGGER_TOKEN: undefined, GITLAB_TRIGGER_TOKEN_FILE: "/run/empty" },
      "GITLAB_TRIGGER_TOKEN_FILE: /run/empty is empty",
    ],
    [
      { GITLAB_TRIGGER_TOKEN: "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/token)" },
      "GITLAB_TRIGGER_TOKEN: is a Key Vault reference that was not resolved",
    ],
    [{ GITLAB_TRIGGER_TOKEN_NEXT: "glpat-12345678901234567890" }, "GITLAB_TRIGGER_TOKEN_NEXT: is a personal"],
    [{ RELAY_AUTH: "none" }, "RELAY_AUTH: is not one of entra, secret"],
    [{ RELAY_SECRET: "0123456789" }, "RELAY_SECRET: is shorter than 32 characters"],
    [{ RELAY_AUTH: "entra" }, "RELAY_ENTRA_TENANT: is not set"],
    [
      { RELAY_AUTH: "entra", RELAY_ENTRA_TENANT: "contoso.com", RELAY_ENTRA_AUDIENCES: "a" },
      "RELAY_ENTRA_TENANT: is not an id",
    ],
    [{ RELAY_CLAIMS: "claims" }, "RELAY_CLAIMS: is neither a folder"],
    [{ RELAY_CLAIMS: "http://account.table.core.windows.net/claims" }, "RELAY_CLAIMS: is neither a folder"],
    [
      { RELAY_CLAIMS: "https://account.table.core.windows.net/claims?sig=x" },
      "RELAY_CLAIMS: is neither a folder",
    ],
    [{ RELAY_CLAIMS_HOURS: "24" }, "RELAY_CLAIMS_HOURS: is not a whole number from 48"],
    [{ RELAY_KEYS: "sops" }, "RELAY_KEYS: holds something else than vault/key"],
    [{ RELAY_KEYS: "kv-sops/*" }, "RELAY_KEYS: holds something else than vault/key"],
    [{ RELAY_KEYS: " , " }, "RELAY_KEYS: is an empty list"],
    [
      { RELAY_INPUT_KEY: "version" },
      "RELAY_INPUT_BACKEND: RELAY_INPUT_KEY and RELAY_INPUT_VERSION must be three",
    ],
    [{ RELAY_INPUT_KEY: "a b" }, "RELAY_INPUT_KEY: is not a name of a pipeline input"],
  ];

  test.each(wrong)("%j", (different, line) => {
    const problems = problemsOf({ ...SECRET_ENV, ...different });
    expect(problems).toHaveLength(different.RELAY_AUTH === "entra" && !different.RELAY_ENTRA_TENANT ? 2 : 1);
    expect(problems[0]).toContain(line);
    for (const secret of [SECRET, TOKEN, "glpat-", "user:pass", "0123456789"])
      expect(problems[0]).not.toContain(secret);
  });
});

test("a secret's file is read again after five seconds; one that is gone for a moment changes nothing", () => {
  const clock = new ManualClock();
  const changing: Record<string, string | undefined> = { "/run/token": TOKEN };
  const read = (path: string) => {
    const text = changing[path];
    if (text === undefined) throw Object.assign(new Error("gone"), { code: "ENOENT" });
    return text;
  };
  const env = { ...SECRET_ENV, GITLAB_TRIGGER_TOKEN: undefined, GITLAB_TRIGGER_TOKEN_FILE: "/run/token" };
  const { tokens } = readSettings(env, { readFile: read, clock }).gitlab;
  changing["/run/token"] = NEXT_TOKEN;
  clock.move(4_999);
  expect(tokens.values).toEqual([TOKEN]);
  clock.move(1);
  expect(tokens.values).toEqual([NEXT_TOKEN]);
  changing["/run/token"] = undefined;
  clock.move(10_000);
  expect(tokens.values).toEqual([NEXT_TOKEN]);
});
