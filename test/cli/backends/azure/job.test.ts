import { describe, expect, onTestFinished, test } from "vitest";
import { OwnTemporary } from "../../rewrap/support/own-temporary";
import { secret } from "../../rewrap/support/sops-repository";
import { azureStage } from "./support/azure-stage";
import { contents, encryptAll, opened, PATHS } from "./support/every-format";

const stage = azureStage();

describe("a job", () => {
  test("has its ID token in a file, too", async () => {
    await encryptAll(stage.repository);
    await stage.key.rotate();
    const file = stage.repository.git.env.AZURE_FEDERATED_TOKEN_FILE;
    const env = { AZURE_FEDERATED_TOKEN_FILE: file, AZURE_ID_TOKEN: undefined };
    const { code } = await stage.repository.call("rewrap", ["rewrap", "--commit"], env);
    expect({ code, status: stage.repository.git.status() }).toEqual({ code: 0, status: "" });
  });

  test("makes new data keys by sops, which gets the ID token in a file of its own", async () => {
    await encryptAll(stage.repository);
    const plain = await opened(stage.repository);
    const dataKeyOf = async (path: string) => {
      const [recipient] = stage.repository.recipients(path);
      return recipient && stage.key.open(recipient);
    };
    const before = await Promise.all(PATHS.map(dataKeyOf));
    const current = await stage.key.rotate();
    const temporary = new OwnTemporary();
    onTestFinished(() => temporary.remove());
    const { code, err } = await stage.repository.call("everything", ["rewrap", "--data-keys"]);
    expect({ code, err }).toEqual({ code: 0, err: "Making 6 data keys\nWriting 6 files\n" });
    expect(await opened(stage.repository)).toEqual(plain);
    const after = await Promise.all(PATHS.map(dataKeyOf));
    expect(new Set([...before, ...after].map((dataKey) => dataKey?.toString("hex"))).size).toBe(12);
    for (const path of PATHS) expect(stage.repository.recipients(path)[0]?.version, path).toBe(current);
    expect(temporary.named("sopsloop-id-token-")).toEqual([]);
  });

  test.each([
    [
      "another branch",
      { sub: "project_path:platform/deploy:ref_type:branch:ref:feature" },
      /no federated credential of the identity has this ID token's issuer and subject; .*\(AADSTS700213\)$/,
    ],
    ["another audience", { aud: "https://gitlab.example.com" }, /ID token's audience; .*\(AADSTS700212\)$/],
    [
      "a token that has ended",
      { exp: 1767225600 },
      /outside of the time for which it holds; .*\(AADSTS700024\)$/,
    ],
  ])("of %s gets no token, and is told why", async (_, claims, line) => {
    await stage.repository.encrypt("a.yaml", secret("a"));
    stage.repository.git.commitAll();
    const { code, out, err } = await stage.repository.call("rewrap", ["rewrap"], {
      AZURE_ID_TOKEN: await stage.azure.idToken(claims),
    });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err.trimEnd()).toMatch(line);
    expect(err).not.toContain("eyJ");
  });

  test("that may not decrypt is told which right it lacks, and so is one that may not read", async () => {
    await stage.repository.encrypt("a.yaml", secret("a"));
    stage.repository.git.commitAll();
    await stage.key.rotate();
    const name = stage.key.url.split("/").at(-1);
    const vault = stage.key.url.split("/keys/")[0];
    const lacks = (verb: string, action: string) =>
      `${vault} does not let this identity ${verb} by ${name}: it needs Microsoft.KeyVault/vaults/keys/${action} on the key, as Key Vault Crypto User has it (ForbiddenByRbac)\n`;
    expect((await stage.repository.call("status", ["rewrap"])).err).toBe(
      `Rewrapping 1 data key\nsopsloop: a.yaml: its data key does not open: ${lacks("decrypt", "decrypt/action")}`,
    );
    expect((await stage.repository.call("flux", ["rewrap"])).err).toBe(
      `sopsloop: a.yaml: ${lacks("read", "read")}`,
    );
  });

  test("without an identity is told so, and moves Vault's keys alone where it is asked to", async () => {
    await encryptAll(stage.repository);
    await stage.key.rotate();
    const none = { AZURE_ID_TOKEN: undefined, AZURE_TOKEN_CREDENTIALS: "WorkloadIdentityCredential" };
    expect(await stage.repository.call("rewrap", ["rewrap"], none)).toEqual({
      code: 2,
      out: "",
      err: "sopsloop: no Azure identity: a CI job has AZURE_ID_TOKEN, AZURE_CLIENT_ID and AZURE_TENANT_ID, a person runs `az login`\n",
    });
    const { code, err } = await stage.repository.call("rewrap", ["rewrap", "--only", "hc_vault"], none);
    expect({ code, err }).toEqual({
      code: 0,
      err: "sopsloop: note: 6 files also with azure_kv keys, which --only leaves alone\n",
    });
    expect((await stage.repository.call("rewrap", ["rewrap", "--only", "age"])).code).toBe(2);
  });

  test("shows a data key and a token nowhere", async () => {
    await encryptAll(stage.repository);
    const dataKeys = await Promise.all(
      PATHS.flatMap((path) => stage.repository.recipients(path)).map((recipient) =>
        stage.key.open(recipient),
      ),
    );
    await stage.key.rotate();
    const ran = await stage.repository.call("rewrap", ["rewrap", "--json"]);
    expect(ran.code).toBe(0);
    const shown = ran.out + ran.err + [...contents(stage.repository).values()].join("");
    for (const dataKey of dataKeys) {
      expect(dataKey).toHaveLength(32);
      for (const encoding of ["base64", "base64url", "hex", "latin1"] as const)
        expect(shown.includes(dataKey.toString(encoding))).toBe(false);
    }
    expect(ran.out + ran.err).not.toContain("eyJ");
  });
});
