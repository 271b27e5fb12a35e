import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlainMap } from "../../../sandbox/providers/engine/resource-type";
import { vaultProvider } from "../../../sandbox/providers/vault/provider";
import { type Diffed, PluginClient, type Resource } from "../plugin-client";
import { conformanceTable, disagreements, EXPLAINED, type Finding } from "./conformance";
import { type Case, conformanceCases } from "./conformance-cases";
import { unpackedPlugin } from "./official-plugin";
import { publicKeyPem, VaultProcess } from "./vault-process";

const TABLE = "sandbox/providers/vault/conformance.md";
const folder = process.env.SOPSLOOP_PLUGINS ?? "";
const archive =
  folder === "" ? undefined : readdirSync(folder).find((name) => name.startsWith("pulumi-resource-vault"));
const reason =
  archive === undefined ? " (skipped: SOPSLOOP_PLUGINS names no folder with pulumi-resource-vault)" : "";

/** One plugin with a Vault of its own. */
interface Side {
  readonly plugin: PluginClient;
  readonly vault: VaultProcess;
}

/** All that one side says of one case, under the name by which a difference is reported. */
type Answers = ReadonlyMap<string, PlainMap | undefined>;

describe.skipIf(archive === undefined)(`the stand-in and the official plugin${reason}`, () => {
  const sides: Side[] = [];
  const findings: Finding[] = [];
  let cases: readonly Case[] = [];
  let version = "";
  let removePlugin: () => void = () => undefined;

  beforeAll(async () => {
    const unpacked = unpackedPlugin(join(folder, archive ?? ""));
    removePlugin = unpacked.remove;
    const vaults = [await VaultProcess.start(), await VaultProcess.start()] as const;
    const env = { ...process.env, VAULT_TOKEN: vaults[0].token };
    const official = await PluginClient.spawned(unpacked.file, ["127.0.0.1:1"], env);
    sides.push({ plugin: official, vault: vaults[0] });
    sides.push({ plugin: await PluginClient.inProcess(vaultProvider), vault: vaults[1] });
    for (const { plugin, vault } of sides) {
      await plugin.configure({
        ...vault.config,
        skipChildToken: "true",
        maxRetries: "2",
        token: vault.token,
      });
    }
    version = await official.version();
    cases = conformanceCases(readFileSync(vaults[0].ca, "utf8"), publicKeyPem().trim());
  });
  afterAll(async () => {
    for (const { plugin, vault } of sides) {
      await plugin.close();
      await vault.stop();
    }
    removePlugin();
  });

  it("agree on every case, but for the differences that are explained", async () => {
    const made: [Case, Resource[]][] = [];
    for (const one of cases) {
      const resources: Resource[] = [];
      const [official, standIn] = [
        await answersOf(sides[0], one, resources),
        await answersOf(sides[1], one, resources),
      ];
      expect([...standIn.keys()]).toEqual([...official.keys()]);
      const found = [...official].flatMap(([what, answer]) => disagreements(what, answer, standIn.get(what)));
      findings.push({ type: one.type, compared: official.size, found });
      made.push([one, resources]);
    }
    for (const [one, resources] of made.reverse()) {
      const [official, standIn] = [
        await goneFrom(sides[0], one, resources[0]),
        await goneFrom(sides[1], one, resources[1]),
      ];
      expect(disagreements("in Vault after the delete", official, standIn)).toEqual([]);
    }
    const unexplained = findings.flatMap(({ type, found }) =>
      found.filter((path) => EXPLAINED[type]?.[path] === undefined),
    );
    expect(unexplained).toEqual([]);
    const left = await Promise.all(
      sides.map(({ vault }) => vault.api.read("sys/mounts/transit").catch(() => undefined)),
    );
    expect(left).toEqual([undefined, undefined]);
  });

  it("are recorded so", () => {
    const table = conformanceTable(version, findings);
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(TABLE, table);
    expect(readFileSync(TABLE, "utf8")).toBe(table);
  });
});

async function answersOf(side: Side | undefined, one: Case, resources: Resource[]): Promise<Answers> {
  if (side === undefined) throw new Error("a side did not come up");
  const { plugin } = side;
  const answers = new Map<string, PlainMap | undefined>();
  answers.set("checked inputs", await plugin.check(one.type, one.inputs));
  let now = await plugin.create(one.type, one.inputs, one.secrets);
  answers.set("secret outputs", {
    names: [...plugin.secretOutputs].filter((name) => now.outputs[name] !== undefined),
  });
  answers.set("id", { is: now.id });
  answers.set("outputs", now.outputs);
  answers.set("in Vault", await seen(side, one));
  const refreshed = await plugin.read(one.type, now);
  answers.set("refreshed inputs", refreshed?.inputs);
  answers.set("refreshed outputs", refreshed?.outputs);
  answers.set("diff of the same", changesOf(await plugin.diff(one.type, now, now.inputs)));
  const imported = await plugin.read(one.type, now.id);
  answers.set("imported inputs", imported?.inputs);
  if (imported !== undefined) {
    answers.set("diff after import", changesOf(await plugin.diff(one.type, imported, now.inputs)));
  }
  if (one.changed !== undefined) {
    const wanted = await plugin.check(one.type, one.changed);
    answers.set("diff", changesOf(await plugin.diff(one.type, now, wanted)));
    now = await plugin.update(one.type, now, one.changed);
    answers.set("updated outputs", now.outputs);
    answers.set("in Vault after the update", await seen(side, one));
    answers.set("diff after the update", changesOf(await plugin.diff(one.type, now, wanted)));
  }
  resources.push(now);
  return answers;
}

async function goneFrom(
  side: Side | undefined,
  one: Case,
  resource: Resource | undefined,
): Promise<PlainMap> {
  if (side === undefined || resource === undefined) throw new Error("a side did not come up");
  await side.plugin.delete(one.type, resource);
  return seen(side, one);
}

function changesOf({ detailed, replaces }: Diffed): PlainMap {
  return replaces.length === 0 ? detailed : { ...detailed, replaces };
}

/** What Vault says at the paths of a case. A path that is not there says nothing. */
async function seen(side: Side | undefined, one: Case): Promise<PlainMap> {
  const told: Record<string, PlainMap> = {};
  for (const path of one.look) told[path] = (await side?.vault.api.read(path).catch(() => undefined)) ?? {};
  return told;
}
