import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { AzureBackend, type AzureOptions } from "../../../../../cli/backends/azure/azure-backend";
import { azureSettings } from "../../../../../cli/backends/azure/azure-settings";
import type { Clock } from "../../../../../cli/backends/http/retries";
import type { Recipient } from "../../../../../cli/sops-file/recipient";
import { OTHER_VAULT, SmallAzure, VAULT } from "./support/small-azure";
import type { SmallKey } from "./support/small-key";

const NOW = Date.parse("2026-06-01T12:00:00.789Z");

let azure: SmallAzure;
let pauses: number[];
const opened: AzureBackend[] = [];
const clock: Clock = {
  now: () => NOW,
  random: () => 1,
  sleep: async (ms) => {
    pauses.push(ms);
  },
};

beforeAll(async () => {
  azure = await SmallAzure.start();
});
afterAll(() => azure.stop());
beforeEach(() => {
  pauses = [];
  azure.keys.clear();
  azure.heard.length = 0;
  azure.instead = () => undefined;
  azure.may = { read: true, list: true, decrypt: true, encrypt: true };
  for (const name of ["https_proxy", "all_proxy", "ALL_PROXY", "NO_PROXY", "no_proxy"]) vi.stubEnv(name, "");
  vi.stubEnv("HTTPS_PROXY", azure.proxyAddress);
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const backend of opened.splice(0)) backend.close();
});

function backend(env: Record<string, string | undefined> = {}, options: AzureOptions = {}): AzureBackend {
  const made = new AzureBackend(() => azureSettings({ ...azure.env, ...env }), options, clock);
  opened.push(made);
  return made;
}

function recipientOf(
  { url }: SmallKey,
  version: string,
  wrapped: string,
  changes: Partial<Recipient> = {},
): Recipient {
  const [vault = "", name = ""] = url.split("/keys/");
  return {
    kind: "azure_kv",
    group: 0,
    key: url,
    version,
    wrapped,
    fields: { vault_url: vault, name, version, created_at: "2026-01-01T00:00:00Z" },
    ...changes,
  };
}

/** A data key of these bytes, wrapped by a version of the key, as sops would have it. */
function wrap(key: SmallKey, fill: number, version = key.current.id): Recipient {
  return recipientOf(key, version, key.wrap(Buffer.alloc(32, fill), version));
}

async function why(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    (value) => {
      throw new Error(`went well: ${JSON.stringify(value)}`);
    },
    (error: Error) => error.message,
  );
}

describe("the current version", () => {
  test("takes one request a key where every file has it, and one token for all of them", async () => {
    const keys = ["one", "two", "three"].map((name) => azure.key(name));
    const recipients = keys.flatMap((key) => [wrap(key, 1), wrap(key, 2)]);
    const states = await backend().currentVersions(recipients);
    expect([...states]).toEqual(keys.map(({ url, current }) => [url, { current: current.id }]));
    expect(azure.asked.sort()).toEqual(["GET /keys/one", "GET /keys/three", "GET /keys/two"]);
    expect(azure.heard.filter(({ path }) => path.includes("/oauth2/v2.0/token"))).toHaveLength(1);
    expect(
      azure.heard.filter(({ host, authorization }) => host.includes("vault") && !authorization),
    ).toHaveLength(1);
  });

  test("is a request more where a file has an older one: how far behind it is, and what still opens", async () => {
    const key = azure.key("sops");
    const first = wrap(key, 1);
    const second = key.rotate();
    const third = key.rotate();
    const own = backend();
    const [state] = (await own.currentVersions([first])).values();
    expect(state).toEqual({ current: third, older: [first.version, second] });
    if (typeof state !== "object") throw new Error(state);
    expect(
      [first.version, second, third].map((version) =>
        own.versionsBehind({ ...first, version: version ?? "" }, state),
      ),
    ).toEqual([2, 1, 0]);
    expect(own.versionsBehind({ ...first, version: "ffff" }, state)).toBe(-1);
    expect(azure.asked).toEqual(["GET /keys/sops", "GET /keys/sops/versions", "GET /keys/sops/versions/2"]);
  });

  test("without a right to list, a file is one behind or none", async () => {
    const key = azure.key("sops");
    const old = wrap(key, 1);
    key.rotate();
    const current = key.rotate();
    azure.may.list = false;
    const own = backend();
    const [state] = (await own.currentVersions([old])).values();
    expect(state).toEqual({ current });
    expect(own.versionsBehind(old, { current })).toBe(1);
    expect(own.versionsBehind(wrap(key, 1), { current })).toBe(0);
  });

  test("every version is asked for where they are to be retired", async () => {
    const key = azure.key("sops");
    const [old, disabled] = [key.current, key.rotate({ enabled: false })];
    const current = key.rotate();
    const [state] = (await backend({}, { everyVersion: true }).currentVersions([wrap(key, 1)])).values();
    expect(state).toEqual({ current, older: [old.id] });
    expect(disabled).not.toBe(old.id);
  });

  test.each<[string, Partial<{ enabled: boolean; exp: number; nbf: number }>, string]>([
    ["expired", { exp: NOW / 1000 - 60 }, "has expired (2026-06-01T11:59Z)"],
    ["disabled", { enabled: false }, "is disabled"],
    ["not yet valid", { nbf: NOW / 1000 + 3600 }, "does not hold before 2026-06-01T13:00Z"],
  ])("that is %s is told as such", async (_, attributes, unfit) => {
    const key = azure.key("sops");
    const current = key.rotate(attributes);
    const fresh = wrap(key, 1);
    const own = backend();
    const [state] = (await own.currentVersions([fresh])).values();
    expect(state).toEqual({ current, unfit });
    expect(own.whyClosed(fresh)).toBe(
      attributes.enabled === false
        ? `it is disabled: az keyvault key set-attributes --id ${key.url}/${current} --enabled true`
        : undefined,
    );
  });

  test("keys that cannot be read are told, each by itself", async () => {
    const [good, curve] = [azure.key("good"), azure.key("curve")];
    curve.kty = "EC";
    const gone = new Map([["gone", wrap(good, 1)]]).get("gone");
    const missing = {
      ...gone,
      key: `${VAULT}/keys/gone`,
      fields: { vault_url: VAULT, name: "gone" },
    } as Recipient;
    const states = await backend().currentVersions([wrap(good, 1), wrap(curve, 1), missing]);
    expect([...states.values()]).toEqual([
      { current: good.current.id },
      `${curve.url} is a key of type EC, and sops wraps by RSA keys only`,
      `${VAULT} has no key gone; was it deleted, or is the file another vault's?`,
    ]);
    azure.may.read = false;
    expect([...(await backend().currentVersions([wrap(good, 1)])).values()]).toEqual([
      `${VAULT} does not let this identity read by good: it needs Microsoft.KeyVault/vaults/keys/read on the key, as Key Vault Crypto User has it (ForbiddenByRbac)`,
    ]);
  });
});

describe("rewrapping", () => {
  test("opens by the recorded version, wraps by the current, and has the vault open the first of them", async () => {
    const key = azure.key("sops");
    const olds = Array.from({ length: 40 }, (_, fill) => wrap(key, fill));
    const current = key.rotate();
    const own = backend();
    await own.currentVersions(olds);
    azure.heard.length = 0;
    const outcomes = await own.rewrap(olds);
    for (const [index, outcome] of outcomes.entries()) {
      if (!outcome.ok) throw new Error(outcome.why);
      const { wrapped, ...rest } = outcome.value;
      expect(rest).toEqual({ version: current, createdAt: "2026-06-01T12:00:00Z" });
      expect(wrapped).toMatch(/^[\w-]{342}$/);
      expect(key.open(wrapped)).toEqual(Buffer.alloc(32, index));
    }
    const pairs = olds.map((before, index) => {
      const outcome = outcomes[index];
      return { before, after: outcome?.ok ? outcome.value.wrapped : "" };
    });
    const same = await own.opensToSame(pairs);
    expect(same.filter((each) => each !== undefined)).toEqual([true]);
    // One for each file, and one more to be sure; no data key is ever on the way out.
    expect(azure.asked.sort()).toEqual(
      [
        ...Array(40).fill(`POST /keys/sops/${olds[0]?.version}/decrypt`),
        `POST /keys/sops/${current}/decrypt`,
      ].sort(),
    );
    expect(azure.heard.filter(({ path }) => path.includes("/oauth2/"))).toEqual([]);
  });

  test("what opens to something else is told", async () => {
    const key = azure.key("sops");
    const [one, other] = [wrap(key, 1), wrap(key, 2)];
    key.rotate();
    const own = backend();
    await own.currentVersions([one, other]);
    const outcomes = await own.rewrap([one, other]);
    const pairs = [one, other].map((before, index) => {
      const outcome = outcomes[index];
      return { before, after: outcome?.ok ? outcome.value.wrapped : "" };
    });
    azure.instead = ({ path }) =>
      path.includes("/decrypt")
        ? { status: 200, body: { kid: "", value: Buffer.alloc(32, 9).toString("base64url") } }
        : undefined;
    expect((await own.opensToSame(pairs)).filter((each) => each !== undefined)).toEqual([false]);
    azure.instead = () => undefined;
    azure.may.decrypt = false;
    expect(await why(own.opensToSame(pairs))).toMatch(
      /^what was wrapped anew does not open: .* does not let this identity decrypt/,
    );
  });

  test("a Shamir part is as good as a data key", async () => {
    const key = azure.key("sops");
    const part = Buffer.concat([Buffer.alloc(32, 7), Buffer.from([1])]);
    const old = recipientOf(key, key.current.id, key.wrap(part));
    key.rotate();
    const own = backend();
    await own.currentVersions([old]);
    const [outcome] = await own.rewrap([old]);
    expect(outcome?.ok && key.open(outcome.value.wrapped)).toEqual(part);
  });

  test("one bad file spoils no other", async () => {
    const key = azure.key("sops");
    const good = wrap(key, 1);
    const disabled = key.rotate();
    const closed = wrap(key, 2);
    const fresh = key.rotate();
    const elsewhere = recipientOf(key, disabled, key.wrap(Buffer.alloc(32, 3), fresh));
    Object.assign(key.of(disabled)?.attributes ?? {}, { enabled: false });
    const own = backend();
    const all = [
      good,
      closed,
      recipientOf(key, "ffff", good.wrapped),
      { ...elsewhere, version: good.version ?? "" },
      recipientOf(key, good.version ?? "", good.wrapped.slice(0, -9)),
      recipientOf(key, "../..", good.wrapped),
    ];
    const [state] = (await own.currentVersions(all)).values();
    const outcomes = await own.rewrap(all);
    const enable = `az keyvault key set-attributes --id ${key.url}/${disabled} --enabled true`;
    const torn = `its data key for ${key.url} is not as sops writes it: cut short; restore the file from git`;
    expect(outcomes.map((outcome) => (outcome.ok ? "rewrapped" : outcome.why))).toEqual([
      "rewrapped",
      `its data key does not open: version ${disabled} of ${key.url} is disabled; ${enable}`,
      `its data key does not open: ${VAULT} has no version ffff of key sops; was it deleted, or is the file another vault's?`,
      `its data key does not open: it was not wrapped by version ${good.version} of ${key.url}, or was cut short; restore the file from git`,
      torn,
      torn,
    ]);
    if (typeof state !== "object") throw new Error(state);
    expect(own.whyClosed(closed)).toBe(`it is disabled: ${enable}`);
    expect(own.whyClosed(good)).toBeUndefined();
  });

  test("needs the right to decrypt, and says so", async () => {
    const key = azure.key("sops");
    const old = wrap(key, 1);
    key.rotate();
    azure.may.decrypt = false;
    const own = backend();
    await own.currentVersions([old]);
    expect(await own.rewrap([old])).toEqual([
      {
        ok: false,
        why: `its data key does not open: ${VAULT} does not let this identity decrypt by sops: it needs Microsoft.KeyVault/vaults/keys/decrypt/action on the key, as Key Vault Crypto User has it (ForbiddenByRbac)`,
      },
    ]);
  });

  test.each([
    ["ForbiddenByFirewall", "Client address is not authorized and caller is not a trusted service."],
    ["ForbiddenByConnection", "Public network access is disabled and request is not from a trusted service."],
  ])("is shut out by %s, which is told apart from what the identity may do", async (code, message) => {
    const key = azure.key("sops");
    const line = `${VAULT} lets no requests in from here (${code}); run this where its network rules or its private endpoint let it`;
    const refuse = { status: 403, body: { error: { code: "Forbidden", message, innererror: { code } } } };
    azure.instead = ({ host }) => (host.includes("vault") ? refuse : undefined);
    expect(await why(backend().currentVersions([wrap(key, 1)]))).toBe(line);
    azure.instead = ({ authorization }) => (authorization ? refuse : undefined);
    expect([...(await backend().currentVersions([wrap(key, 1)])).values()]).toEqual([line]);
  });

  test("wraps by no version that has expired: sops could not either", async () => {
    const key = azure.key("sops");
    const old = wrap(key, 1);
    const current = key.rotate({ exp: NOW / 1000 - 60 });
    const own = backend();
    await own.currentVersions([old]);
    expect(await own.rewrap([old])).toEqual([
      { ok: false, why: `version ${current} of ${key.url} has expired (2026-06-01T11:59Z); rotate the key` },
    ]);
    expect(azure.asked.filter((line) => line.includes("decrypt"))).toEqual([]);
  });

  test("a vault that is busy is left in peace by every request, as long as it asks for", async () => {
    const key = azure.key("sops");
    const olds = Array.from({ length: 30 }, (_, fill) => wrap(key, fill));
    key.rotate();
    const own = backend();
    await own.currentVersions(olds);
    let busy = 3;
    azure.instead = ({ path }) =>
      path.includes("decrypt") && busy-- > 0
        ? {
            status: 429,
            headers: { "retry-after": "7" },
            body: { error: { code: "Throttled", message: "no" } },
          }
        : undefined;
    expect((await own.rewrap(olds)).every(({ ok }) => ok)).toBe(true);
    expect(new Set(pauses)).toEqual(new Set([7000]));
    expect(pauses.length).toBeGreaterThan(3);
  });

  test("one that stays busy is told", async () => {
    const key = azure.key("sops");
    azure.instead = ({ authorization }) =>
      authorization
        ? { status: 503, body: { error: { code: "ServiceUnavailable", message: "later" } } }
        : undefined;
    expect(await why(backend().currentVersions([wrap(key, 1)]))).toBe(
      `${VAULT} still answers 503 (ServiceUnavailable: later), tried 7 times; run this again later`,
    );
  });
});

describe("tokens", () => {
  test("go to no host that is no vault", async () => {
    const key = azure.key("sops");
    const hostile = [
      "https://evil.example.com",
      "https://kv-one.vault.azure.net.evil.example.com",
      "https://evil.example.com/kv-one.vault.azure.net",
      "http://kv-one.vault.azure.net",
      "https://kv-one.vault.azure.net:8443",
      "https://token@kv-one.vault.azure.net",
      "https://a.b.vault.azure.net",
      "https://vault.azure.net",
    ];
    const recipients = hostile.map((vault) =>
      recipientOf(key, "ffff", "x", {
        key: `${vault}/keys/sops`,
        fields: { vault_url: vault, name: "sops" },
      }),
    );
    const states = await backend().currentVersions(recipients);
    expect([...states.values()]).toEqual(
      hostile.map(
        (vault) =>
          `"${vault}" is no vault of Azure (https://<name>.vault.azure.net), so no token is sent there; restore the file from git`,
      ),
    );
    expect(azure.heard).toEqual([]);
  });

  test.each([
    'Bearer authorization="https://login.microsoftonline.com/t", resource="https://graph.microsoft.com"',
    'Bearer authorization="https://login.microsoftonline.com/t", resource="https://azure.net"',
    'Bearer authorization="https://login.microsoftonline.com/t", scope="https://management.azure.com/.default"',
  ])("are not asked for another resource: %s", async (header) => {
    const key = azure.key("sops");
    azure.instead = ({ host }) =>
      host.includes("vault") ? { status: 401, headers: { "www-authenticate": header } } : undefined;
    expect(await why(backend().currentVersions([wrap(key, 1)]))).toMatch(
      /asks for a token for .*; it gets none/,
    );
    expect(azure.heard.filter(({ host }) => host.includes("login"))).toEqual([]);
  });

  test.each(["", 'Basic realm="x"', 'Bearer realm="x"', "Negotiate"])(
    "nor by what does not ask as a vault does: %j",
    async (header) => {
      const key = azure.key("sops");
      azure.instead = () => ({ status: 401, headers: { "www-authenticate": header } });
      expect(await why(backend().currentVersions([wrap(key, 1)]))).toBe(
        `${VAULT} does not ask for a token as a Key Vault does; does a proxy or another server answer in its place?`,
      );
    },
  );

  test("do not follow a redirect", async () => {
    const key = azure.key("sops");
    azure.instead = ({ authorization }) =>
      authorization ? { status: 302, headers: { location: "https://evil.example.com/" } } : undefined;
    expect(await why(backend().currentVersions([wrap(key, 1)]))).toMatch(
      /sends its callers elsewhere \(302\)/,
    );
    expect(azure.heard.every(({ host }) => host !== "evil.example.com")).toBe(true);
  });

  test("are asked for anew before they end", async () => {
    azure.tokenLife = 60;
    const key = azure.key("sops");
    const olds = [wrap(key, 1), wrap(key, 2)];
    key.rotate();
    const own = backend();
    vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
    try {
      await own.currentVersions(olds);
      await own.rewrap(olds);
    } finally {
      vi.useRealTimers();
      azure.tokenLife = 3600;
    }
    const tokens = new Set(azure.heard.flatMap(({ authorization }) => authorization ?? []));
    expect(tokens.size).toBeGreaterThan(1);
  });

  test("are one for two vaults of a tenant", async () => {
    const [one, two] = [azure.key("sops"), azure.key("sops", OTHER_VAULT)];
    const states = await backend().currentVersions([wrap(one, 1), wrap(two, 1)]);
    expect([...states]).toEqual([
      [one.url, { current: one.current.id }],
      [two.url, { current: two.current.id }],
    ]);
    expect(new Set(azure.heard.flatMap(({ authorization }) => authorization ?? [])).size).toBe(1);
  });

  test("are no good for a vault of another cloud", async () => {
    const key = azure.key("sops", "https://kv.vault.azure.cn");
    expect(await why(backend().currentVersions([wrap(key, 1)]))).toBe(
      "https://kv.vault.azure.cn is in Azure in China, but this identity is of Azure; set AZURE_AUTHORITY_HOST=https://login.chinacloudapi.cn and an identity of that cloud",
    );
  });

  test("a vault that takes none is told", async () => {
    const key = azure.key("sops");
    azure.instead = ({ authorization }) =>
      authorization
        ? { status: 401, body: { error: { code: "Unauthorized", message: "AKV10032: Invalid issuer." } } }
        : undefined;
    expect(await why(backend().currentVersions([wrap(key, 1)]))).toBe(
      `${VAULT} takes no token of this identity (Unauthorized: AKV10032: Invalid issuer.); is AZURE_TENANT_ID the vault's tenant, and the clock right?`,
    );
  });
});
