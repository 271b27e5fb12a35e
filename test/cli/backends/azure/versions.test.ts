import { describe, expect, test } from "vitest";
import { secret } from "../../rewrap/support/sops-repository";
import { azureStage } from "./support/azure-stage";

const stage = azureStage();

describe("sopsloop status", () => {
  const report = async (...words: string[]) =>
    JSON.parse((await stage.repository.call("status", ["status", "--json", ...words])).out);

  test("tells how far files are behind, and needs no more than to read the key", async () => {
    await stage.repository.encrypt("old.yaml", secret("old"));
    const old = stage.key.current;
    const middle = await stage.key.rotate();
    await stage.repository.encrypt("older.yaml", secret("older"));
    const current = await stage.key.rotate();
    await stage.repository.encrypt("fresh.yaml", secret("fresh"));
    stage.repository.git.commitAll();
    const found = await report();
    expect(
      found.files.map(({ path, state, behind }: Record<string, unknown>) => [path, state, behind]),
    ).toEqual([
      ["fresh.yaml", "fresh", 0],
      ["old.yaml", "stale", 2],
      ["older.yaml", "stale", 1],
    ]);
    expect(found.keys).toEqual([
      {
        kind: "azure_kv",
        key: stage.key.url,
        current,
        older: [old, middle],
        files: { [current]: 1, [old]: 1, [middle]: 1 },
      },
    ]);
    expect(found.findings[0].message).toBe(
      `2 versions behind: version ${old} of ${stage.key.url}, current is ${current}; run sopsloop rewrap`,
    );
  });

  test("tells versions that are disabled, and keys that have expired", async () => {
    const expired = await stage.azure.newKey();
    stage.repository.rules(
      { path_regex: "expired", azure_keyvault: expired.url },
      { azure_keyvault: stage.key.url },
    );
    await stage.repository.encrypt("a.yaml", secret("a"));
    await stage.repository.encrypt("expired.yaml", secret("b"));
    stage.repository.git.commitAll();
    const old = stage.key.current;
    const current = await stage.key.rotate();
    await stage.key.change(old, { enabled: false });
    await expired.change(expired.current, { exp: 1767225600 });
    const { findings, summary } = await report();
    expect(summary).toMatchObject({ files: 2, fresh: 1, stale: 1, findings: 2 });
    const enable = `az keyvault key set-attributes --id ${stage.key.url}/${old} --enabled true`;
    expect(findings.map(({ check, message }: Record<string, string>) => [check, message])).toEqual([
      ["unusable", `version ${old} of ${stage.key.url}, current is ${current}; it is disabled: ${enable}`],
      [
        "expired",
        `version ${expired.current} of ${expired.url} has expired (2026-01-01T00:00Z); rotate the key`,
      ],
    ]);
    const ran = await stage.repository.call("rewrap", ["rewrap"]);
    expect({ code: ran.code, out: ran.out, err: ran.err.split("\n").at(-2) }).toEqual({
      code: 1,
      out: "Nothing was changed: 1 failure.\n",
      err: `sopsloop: a.yaml: its data key does not open: version ${old} of ${stage.key.url} is disabled; ${enable}`,
    });
    expect(stage.repository.git.status()).toBe("");
    // What has expired still opens.
    expect(await stage.repository.decrypt("expired.yaml")).toContain("alpha-b");
  });

  test("a rule that pins a version keeps its files there, and is told", async () => {
    const pinned = stage.key.current;
    stage.repository.rules(
      { path_regex: "pinned", azure_keyvault: `${stage.key.url}/${pinned}` },
      { azure_keyvault: `${stage.key.url}/` },
    );
    await stage.repository.encrypt("pinned.yaml", secret("pinned"));
    await stage.repository.encrypt("free.yaml", secret("free"));
    stage.repository.git.commitAll();
    const current = await stage.key.rotate();
    const { findings } = await report("pinned.yaml");
    expect(findings.map(({ message }: Record<string, string>) => message)).toEqual([
      `1 version behind: version ${pinned} of ${stage.key.url}, current is ${current}; .sops.yaml:2 pins version ${pinned}: take it out of the rule`,
    ]);
    const { code, err } = await stage.repository.call("rewrap", ["rewrap"]);
    expect({ code, status: stage.repository.git.status() }).toEqual({ code: 0, status: " M free.yaml" });
    expect(err).toContain(
      `sopsloop: note: .sops.yaml:2 pins version ${pinned} of ${stage.key.url}, so that 1 file cannot follow the key; take the version out of the rule\n`,
    );
  });
});
