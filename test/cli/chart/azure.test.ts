import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { main } from "../../../cli/program";
import { readSopsFile } from "../../../cli/sops-file/read-sops-file";
import { EmulatedAzure, type Who } from "../backends/azure/support/emulated-azure";
import type { EmulatedKey } from "../backends/azure/support/emulated-key";
import { BuiltCommand, exitOf } from "../rewrap/support/built-command";
import { recordedIo } from "../rewrap/support/recorded-io";
import { SopsRepository } from "../rewrap/support/sops-repository";
import { SopsVault } from "../rewrap/support/sops-vault";
import { ChartProject, INTO, VALUES } from "./support/chart-project";
import { WatchedTools } from "./support/watched-tools";

const FILE = `${INTO}/secrets/database.sops.yaml`;
const NOTHING = "nothing to do";

describe("sopsloop chart as a job, in a repository with keys of Vault and of Azure", () => {
  let vault: SopsVault;
  let azure: EmulatedAzure;
  let key: EmulatedKey;
  let project: ChartProject;
  let temporary: string;

  beforeAll(async () => {
    [vault, azure] = await Promise.all([SopsVault.start(), EmulatedAzure.start()]);
  });
  afterAll(async () => {
    await Promise.all([vault.stop(), azure.stop()]);
  });
  beforeEach(async () => {
    key = await azure.newKey();
    project = ChartProject.in(SopsRepository.create(vault.env()), rules(key.url), vault.env());
    temporary = mkdtempSync(join(tmpdir(), "sopsloop-own-"));
    vi.stubEnv("TMPDIR", temporary);
    vi.stubEnv("HTTPS_PROXY", azure.proxyAddress);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    project.remove();
    rmSync(temporary, { recursive: true, force: true });
  });

  /** What the pipeline's job has: an ID token in a variable, and not in a file. */
  const job = async (who: Who = "chart") => ({
    ...azure.env(who),
    TMPDIR: temporary,
    AZURE_ID_TOKEN: await azure.idToken(),
  });
  /** The Secret's values by the real sops, which may ask only one of the two. */
  async function opened(by: "vault" | "azure"): Promise<string> {
    const env =
      by === "vault"
        ? { ...vault.env(), AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential" }
        : {
            ...azure.env("flux"),
            AZURE_FEDERATED_TOKEN_FILE: join(temporary, "of-flux"),
            VAULT_TOKEN: "none",
          };
    const options = { cwd: project.deploy.folder, env: { ...project.deploy.env, ...env } };
    if (by === "azure")
      await promisify(execFile)("sh", ["-c", `printf %s '${await azure.idToken()}' > of-flux`], {
        cwd: temporary,
      });
    const { stdout } = await promisify(execFile)(
      "sops",
      ["decrypt", "--extract", '["data"]["username"]', FILE],
      options,
    );
    return Buffer.from(stdout, "base64").toString("utf8");
  }
  /** Folders with the ID token. */
  const left = () => readdirSync(temporary).filter((name) => name.startsWith("sopsloop-id-token-"));

  test("encrypts for both, either of which opens the file, and makes it once", async () => {
    const env = await job();
    expect(await project.run(["--commit"], env)).toMatchObject({ code: 0 });
    const { recipients = [] } = readSopsFile(FILE, project.deploy.read(FILE)) ?? {};
    expect(recipients.map(({ kind, key }) => [kind, key])).toEqual([
      ["azure_kv", key.url],
      ["hc_vault", vault.keyUri()],
    ]);
    expect([await opened("vault"), await opened("azure")]).toEqual([VALUES.DB_USER, VALUES.DB_USER]);
    const { code, out } = await project.run(["--commit"], env);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(NOTHING) });
    expect(left()).toEqual([]);
  });

  test("a rotated key and a rewrap leave what is unchanged as it is", async () => {
    const env = await job();
    await project.run(["--commit"], env);
    const fresh = await key.rotate();
    await vault.rotate();
    const io = recordedIo(project.deploy.folder, { ...project.deploy.env, ...(await job("rewrap")) });
    expect({ code: await main(["rewrap", "--commit"], io), err: io.err }).toMatchObject({ code: 0 });
    expect(project.deploy.read(FILE)).toContain(`version: ${fresh}`);
    expect((await project.run(["--commit"], env)).out).toContain(NOTHING);
  });

  test("sops finds the ID token in a file of its own, and nobody in a variable or an argument", async () => {
    const tools = WatchedTools.create([], []);
    try {
      tools.replace("sops", 'stat -c "mode %a" "$AZURE_FEDERATED_TOKEN_FILE" >&2; exit 1');
      const env = await job();
      const { code, err } = await project.run([], { ...env, PATH: `${tools.path}:${project.env.PATH}` });
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("mode 600") });
      const ofSops = tools.callsOf("sops").join("");
      expect(ofSops).toContain("AZURE_FEDERATED_TOKEN_FILE=");
      expect(ofSops).not.toContain(env.AZURE_ID_TOKEN);
      expect(left()).toEqual([]);
    } finally {
      tools.remove();
    }
  });

  test.each([
    ["AZURE_CLIENT_ID", "client id"],
    ["AZURE_TENANT_ID", "tenant"],
  ])("without %s says so before sops is started", async (name, what) => {
    const { code, err } = await project.run([], { ...(await job()), [name]: "" });
    expect({ code, err }).toEqual({
      code: 2,
      err: `sopsloop: AZURE_ID_TOKEN is set, but ${name} is not; set it to the ${what} of the identity whose federated credential names this job\n`,
    });
    expect(left()).toEqual([]);
  });

  test("an ID token that no key needs is left alone", async () => {
    project.deploy.write(".sops.yaml", rules());
    project.deploy.commitAll("Without Azure");
    const env = { ...(await job()), AZURE_CLIENT_ID: "", AZURE_TENANT_ID: "" };
    expect(await project.run([], env)).toMatchObject({ code: 0 });
  });

  test("an identity that may not encrypt: sops's own reason, and nothing is written", async () => {
    const { code, out, err } = await project.run([], await job("status"));
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(
      /^Encrypting 2 Secrets\nsopsloop: apps\/shop\/secrets\/.*: sops encrypt failed \(exit 1\): Azure answers 403: the identity needs Microsoft\.KeyVault\/vaults\/keys\/encrypt\/action on the key; give its role that data action\n$/,
    );
    expect(project.deploy.status()).toBe("");
    expect(left()).toEqual([]);
  });

  test("a rule with a host that is none of Azure's: sops is not started", async () => {
    const url = "https://sopsloop-one.vault.azure.net.example.com/keys/sops";
    project.deploy.write(".sops.yaml", rules(url));
    project.deploy.commitAll("Theirs");
    expect(await project.run([], await job())).toEqual({
      code: 1,
      out: "",
      err: `sopsloop: ${url}: is on no vault of Azure (https://<name>.vault.azure.net), so no token is sent there; mend .sops.yaml\n`,
    });
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "ended by %s while sops is at work, it takes the ID token along",
    async (signal) => {
      const [tools, command] = [WatchedTools.create([], []), await BuiltCommand.build()];
      try {
        tools.replace("sops", "exec sleep 2");
        const env = { ...project.env, ...(await job()), PATH: `${tools.path}:${project.env.PATH}` };
        const words = ["chart", "chart", "--mapping=secrets.yaml", `--into=${project.deploy.folder}/${INTO}`];
        const child = command.call([...words, "--namespace=shop"], { cwd: project.folder, env });
        const ended = exitOf(child);
        while (tools.calls("sops") < 2) await sleep(20);
        expect(left()).toHaveLength(1);
        expect(readFileSync(join(temporary, left()[0] ?? "", "token"), "utf8")).toBe(env.AZURE_ID_TOKEN);
        child.kill(signal);
        expect((await ended).signal).toBe(signal);
        expect(left()).toEqual([]);
      } finally {
        command.remove();
        tools.remove();
      }
    },
  );

  /** One rule, with the key of Vault and this one of Azure. */
  function rules(url?: string): string {
    const rule = {
      path_regex: "\\.sops\\.ya?ml$",
      encrypted_regex: "^(data|stringData)$",
      hc_vault_transit_uri: vault.keyUri(),
      ...(url !== undefined && { azure_keyvault: url }),
    };
    return `${JSON.stringify({ creation_rules: [rule] })}\n`;
  }
});
