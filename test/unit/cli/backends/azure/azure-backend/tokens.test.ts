import { describe, expect, test, vi } from "vitest";
import { backendStage, NOW, recipientOf, why, wrap } from "../support/backend-stage";
import { OTHER_VAULT, VAULT } from "../support/small-azure";

const stage = backendStage();

describe("tokens", () => {
  test("go to no host that is no vault", async () => {
    const key = stage.azure.key("sops");
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
    const states = await stage.backend().currentVersions(recipients);
    expect([...states.values()]).toEqual(
      hostile.map(
        (vault) =>
          `"${vault}" is no vault of Azure (https://<name>.vault.azure.net), so no token is sent there; restore the file from git`,
      ),
    );
    expect(stage.azure.heard).toEqual([]);
  });

  test.each([
    'Bearer authorization="https://login.microsoftonline.com/t", resource="https://graph.microsoft.com"',
    'Bearer authorization="https://login.microsoftonline.com/t", resource="https://azure.net"',
    'Bearer authorization="https://login.microsoftonline.com/t", scope="https://management.azure.com/.default"',
  ])("are not asked for another resource: %s", async (header) => {
    const key = stage.azure.key("sops");
    stage.azure.instead = ({ host }) =>
      host.includes("vault") ? { status: 401, headers: { "www-authenticate": header } } : undefined;
    expect(await why(stage.backend().currentVersions([wrap(key, 1)]))).toMatch(
      /asks for a token for .*; it gets none/,
    );
    expect(stage.azure.heard.filter(({ host }) => host.includes("login"))).toEqual([]);
  });

  test.each(["", 'Basic realm="x"', 'Bearer realm="x"', "Negotiate"])(
    "nor by what does not ask as a vault does: %j",
    async (header) => {
      const key = stage.azure.key("sops");
      stage.azure.instead = () => ({ status: 401, headers: { "www-authenticate": header } });
      expect(await why(stage.backend().currentVersions([wrap(key, 1)]))).toBe(
        `${VAULT} does not ask for a token as a Key Vault does; does a proxy or another server answer in its place?`,
      );
    },
  );

  test("do not follow a redirect", async () => {
    const key = stage.azure.key("sops");
    stage.azure.instead = ({ authorization }) =>
      authorization ? { status: 302, headers: { location: "https://evil.example.com/" } } : undefined;
    expect(await why(stage.backend().currentVersions([wrap(key, 1)]))).toMatch(
      /sends its callers elsewhere \(302\)/,
    );
    expect(stage.azure.heard.every(({ host }) => host !== "evil.example.com")).toBe(true);
  });

  test("are asked for anew before they end", async () => {
    stage.azure.tokenLife = 60;
    const key = stage.azure.key("sops");
    const olds = [wrap(key, 1), wrap(key, 2)];
    key.rotate();
    const own = stage.backend();
    vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
    try {
      await own.currentVersions(olds);
      await own.rewrap(olds);
    } finally {
      vi.useRealTimers();
      stage.azure.tokenLife = 3600;
    }
    const tokens = new Set(stage.azure.heard.flatMap(({ authorization }) => authorization ?? []));
    expect(tokens.size).toBeGreaterThan(1);
  });

  test("are one for two vaults of a tenant", async () => {
    const [one, two] = [stage.azure.key("sops"), stage.azure.key("sops", OTHER_VAULT)];
    const states = await stage.backend().currentVersions([wrap(one, 1), wrap(two, 1)]);
    expect([...states]).toEqual([
      [one.url, { current: one.current.id }],
      [two.url, { current: two.current.id }],
    ]);
    expect(new Set(stage.azure.heard.flatMap(({ authorization }) => authorization ?? [])).size).toBe(1);
  });

  test("are no good for a vault of another cloud", async () => {
    const key = stage.azure.key("sops", "https://kv.vault.azure.cn");
    expect(await why(stage.backend().currentVersions([wrap(key, 1)]))).toBe(
      "https://kv.vault.azure.cn is in Azure in China, but this identity is of Azure; set AZURE_AUTHORITY_HOST=https://login.chinacloudapi.cn and an identity of that cloud",
    );
  });

  test("a vault that takes none is told", async () => {
    const key = stage.azure.key("sops");
    stage.azure.instead = ({ authorization }) =>
      authorization
        ? { status: 401, body: { error: { code: "Unauthorized", message: "AKV10032: Invalid issuer." } } }
        : undefined;
    expect(await why(stage.backend().currentVersions([wrap(key, 1)]))).toBe(
      `${VAULT} takes no token of this identity (Unauthorized: AKV10032: Invalid issuer.); is AZURE_TENANT_ID the vault's tenant, and the clock right?`,
    );
  });
});
