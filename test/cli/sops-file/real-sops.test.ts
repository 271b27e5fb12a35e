import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pLimit from "p-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSopsFile } from "../../../cli/sops-file/read-sops-file";
import type { Recipient } from "../../../cli/sops-file/recipient";
import type { SopsFile } from "../../../cli/sops-file/sops-file";
import { run } from "../../../sandbox/processes/run";
import { MOUNT, SopsVault } from "../rewrap/support/sops-vault";
import { generatedFiles } from "./generated-files";

const EACH = 100;
const KEYS = ["sops", "other"] as const;

let vault: SopsVault;
let folder: string;
let env: Record<string, string | undefined>;

/** Key groups by the name of a folder with such a `.sops.yaml`. */
function rules(age: string): Record<string, object> {
  const [one, two] = KEYS.map((key) => vault.keyUri(key));
  return {
    vault: { hc_vault_transit_uri: one },
    "vault and age": { hc_vault_transit_uri: one, age },
    "two keys, values readable but for some": {
      hc_vault_transit_uri: `${one},${two}`,
      encrypted_regex: "^[a-m]",
      mac_only_encrypted: true,
    },
    Shamir: { shamir_threshold: 2, key_groups: [{ hc_vault: [one], age: [age] }, { hc_vault: [two] }] },
  };
}
const LAYOUTS = ["vault", "vault and age", "two keys, values readable but for some", "Shamir"];

beforeAll(async () => {
  vault = await SopsVault.start();
  await vault.newKey("other");
  folder = mkdtempSync(join(tmpdir(), "sopsloop-generated-"));
  const keyFile = join(folder, "age.txt");
  await run("age-keygen", ["-o", keyFile]);
  const age = (await run("age-keygen", ["-y", keyFile])).trim();
  env = { ...process.env, ...vault.env(), SOPS_AGE_KEY_FILE: keyFile };
  for (const [layout, rule] of Object.entries(rules(age))) {
    mkdirSync(join(folder, layout));
    writeFileSync(join(folder, layout, ".sops.yaml"), JSON.stringify({ creation_rules: [rule] }));
  }
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await vault.stop();
});

/** The plaintext, one character a byte. */
async function decrypt(name: string, cwd: string): Promise<string> {
  return (await promisify(execFile)("sops", ["decrypt", name], { cwd, env, encoding: "latin1" })).stdout;
}

/** Works on all with two processes of sops at the same time. */
async function forEach(names: readonly string[], work: (name: string) => Promise<unknown>): Promise<void> {
  const limit = pLimit(2);
  await Promise.all(names.map((name) => limit(() => work(name))));
}

function read(file: string): SopsFile {
  const found = readSopsFile(file, readFileSync(file, "latin1"));
  if (!found) throw new Error(`${file} is not seen as a sops file`);
  return found;
}

/** Every Vault recipient of every file, moved by Vault itself in one request a key. */
async function newKeys(files: ReadonlyMap<string, SopsFile>): Promise<Map<Recipient, string>> {
  const moved = new Map<Recipient, string>();
  for (const key of KEYS) {
    const all = [...files.values()].flatMap(({ recipients }) =>
      recipients.filter(({ fields }) => fields.key_name === key),
    );
    if (all.length === 0) continue;
    const batch = all.map(({ wrapped }) => ({ ciphertext: wrapped }));
    const answer = await vault.api.write(`${MOUNT}/rewrap/${key}`, { batch_input: batch });
    const results = answer?.batch_results as readonly { ciphertext: string }[];
    for (const [index, recipient] of all.entries()) moved.set(recipient, results[index]?.ciphertext ?? "");
  }
  return moved;
}

function linesThatDiffer(one: string, other: string): string[] {
  const after = other.split("\n");
  const before = one.split("\n");
  expect(after).toHaveLength(before.length);
  return before.filter((text, index) => text !== after[index]);
}

describe.each(LAYOUTS)("files made by real sops: %s", (layout) => {
  test(`16. rewrapped, they open to the same bytes, and only their wrapped keys differ (${5 * EACH} files)`, async () => {
    const cwd = join(folder, layout);
    const decrypted = new Map<string, string>();
    for (const { name, content } of generatedFiles(EACH)) writeFileSync(join(cwd, name), content);
    const names = readdirSync(cwd).filter((name) => name !== ".sops.yaml");
    expect(names).toHaveLength(5 * EACH);
    await forEach(names, async (name) => {
      await run("sops", ["encrypt", "--in-place", name], { cwd, env });
      decrypted.set(name, await decrypt(name, cwd));
    });

    const before = new Map(names.map((name) => [name, read(join(cwd, name))]));
    for (const key of KEYS) await vault.rotate(key);
    const moved = await newKeys(before);
    for (const [name, file] of before) {
      const changes = file.recipients.flatMap((recipient) => {
        const wrapped = moved.get(recipient);
        return wrapped === undefined ? [] : [{ recipient, wrapped }];
      });
      expect(changes.length, name).toBeGreaterThan(0);
      const content = file.rewrapped(changes);
      writeFileSync(join(cwd, name), content, "latin1");
      const copies = name.endsWith(".yaml") ? file.content.split("\n---\n").length : 1;
      const differing = linesThatDiffer(file.content, content);
      expect(differing, name).toHaveLength(copies * changes.length);
      for (const line of differing) expect(line).toMatch(/enc"?\s*[:=]\s*"?vault:v\d+:[A-Za-z0-9+/]+=*"?,?$/);
    }
    await forEach(names, async (name) => {
      expect(await decrypt(name, cwd), name).toBe(decrypted.get(name));
    });
  }, 300_000);

  test("line ends, byte order marks and missing final line ends stay as they are", () => {
    const cwd = join(folder, layout);
    for (const name of readdirSync(cwd).filter((entry) => entry !== ".sops.yaml")) {
      const content = readFileSync(join(cwd, name), "latin1");
      for (const variant of [content.replaceAll("\n", "\r\n"), `\xef\xbb\xbf${content}`, content.trimEnd()]) {
        const file = readSopsFile(name, variant);
        const vaults = file?.recipients.filter(({ kind }) => kind === "hc_vault") ?? [];
        expect(vaults.length, name).toBeGreaterThan(0);
        const fresh = (wrapped: string) => wrapped.replace(/^vault:v\d+/, "vault:v99");
        const there =
          file?.rewrapped(vaults.map((recipient) => ({ recipient, wrapped: fresh(recipient.wrapped) }))) ??
          "";
        const expected = vaults.reduce(
          (text, { wrapped }) => text.replaceAll(wrapped, fresh(wrapped)),
          variant,
        );
        expect(there === expected, name).toBe(true);
      }
    }
  });
});
