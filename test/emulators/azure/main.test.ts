import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClientSecretCredential } from "@azure/identity";
import { KeyClient } from "@azure/keyvault-keys";
import { HttpsProxyAgent } from "https-proxy-agent";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AdminClient } from "../../../sandbox/emulators/azure/admin/client";
import { vaultOf } from "../../../sandbox/emulators/azure/keyvault/vaults";
import { type StartOptions, startAzure } from "../../../sandbox/emulators/azure/start";
import { freePorts } from "../../../sandbox/processes/free-port";

const MAIN = join(__dirname, "..", "..", "..", "sandbox", "emulators", "azure", "main.ts");
const DAY_S = 24 * 60 * 60;

let folder: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-azure-main-"));
});
afterEach(async () => {
  if (child && child.exitCode === null) {
    child.kill("SIGTERM");
    await once(child, "exit");
  }
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: StartOptions): Promise<AdminClient> {
  const settings = join(folder, "settings.json");
  writeFileSync(settings, JSON.stringify(options), { mode: 0o600 });
  child = spawn(process.execPath, ["--import", "tsx", MAIN, settings], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const client = new AdminClient(`http://127.0.0.1:${options.port}`, join(options.folder, "admin-token"));
  const answers = () =>
    client
      .send("GET", "/clock")
      .then(() => true)
      .catch(() => false);
  await expect.poll(answers, { timeout: 30_000, interval: 200 }).toBe(true);
  return client;
}

async function stop(): Promise<void> {
  child?.kill("SIGTERM");
  if (child) await once(child, "exit");
}

describe("the emulator as a process of its own", () => {
  it("keeps everything between two runs, in files that are its user's alone", async () => {
    const state = join(folder, "state");
    const [port = 0] = await freePorts(1);
    const options = { folder: state, port };
    let admin = await start(options);
    const application = await admin.send<{ appId: string }>("POST", "/applications", { displayName: "kept" });
    const { secret } = await admin.send<{ secret: string }>(
      "POST",
      `/applications/${application.appId}/secrets`,
    );
    const later = await admin.advance(DAY_S);
    await stop();
    for (const file of ["store.json", "admin-token", "deployer-secret"])
      expect(statSync(join(state, file)).mode & 0o777).toBe(0o600);
    expect(statSync(state).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(state, "store.json"), "utf8")).not.toContain(secret);
    admin = await start(options);
    expect((await admin.advance(0)).getTime()).toBeGreaterThanOrEqual(later.getTime());
    const again = await admin.send<{ secret: string }>("POST", `/applications/${application.appId}/secrets`);
    expect(again.secret).not.toBe(secret);
  });

  it("keeps keys and deliveries that were under way", async () => {
    const first = await startAzure({ folder, port: 0 });
    const { keys, resources } = first.azure.core;
    const scope = `/subscriptions/${first.subscriptionId}/resourceGroups/g`;
    const id = `${scope}/providers/Microsoft.KeyVault/vaults/kept-kv`;
    const properties = {
      enableRbacAuthorization: true,
      softDeleteRetentionInDays: 90,
      sku: { name: "standard" },
    };
    const body = { location: "westeurope", properties };
    const resource = resources.write(
      { text: id, type: "Microsoft.KeyVault/vaults", name: "kept-kv", scope },
      "Microsoft.KeyVault/vaults",
      { body, hidden: {} },
      "test",
    );
    const roleDefinitionId =
      "/providers/Microsoft.Authorization/roleDefinitions/00482a5a-887f-4fb3-b363-3b7fe8e74483";
    const assignment = { principalId: first.deployer.objectId, roleDefinitionId, scope: id };
    const type = "Microsoft.Authorization/roleAssignments";
    const name = "66666666-6666-4666-8666-666666666666";
    const about = { text: `${id}/providers/${type}/${name}`, type, name, scope: id };
    resources.write(about, type, { body: { properties: assignment }, hidden: {} }, "test");
    const made = await keys.create(vaultOf(resource), "sops", { kty: "RSA" });
    await first.azure.stop();
    const second = await startAzure({ folder, port: 0 });
    expect(second.deployer).toEqual(first.deployer);
    const agent = new HttpsProxyAgent(second.azure.address);
    Object.assign(agent.options, { ca: readFileSync(second.azure.ca, "utf8") });
    const { clientId, secret } = second.deployer;
    const credential = new ClientSecretCredential(second.tenantId, clientId, readFileSync(secret, "utf8"), {
      agent,
    });
    const client = new KeyClient("https://kept-kv.vault.azure.net", credential, { agent });
    expect((await client.getKey("sops")).properties.version).toBe(made.id);
    await second.azure.stop();
    agent.destroy();
  });

  it("says in one line what is wrong with its settings, and leaves nothing", async () => {
    const settings = join(folder, "none.json");
    child = spawn(process.execPath, ["--import", "tsx", MAIN, settings], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let text = "";
    child.stderr?.on("data", (part: Buffer) => {
      text += part;
    });
    const [code] = await once(child, "exit");
    expect(code).toBe(1);
    expect(text.trim().split("\n")).toHaveLength(1);
    expect(text).toContain(settings);
    expect(existsSync(settings)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});
