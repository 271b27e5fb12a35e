import { expect, test } from "vitest";
import { configFindings } from "../../../../cli/audit/files/config-findings";
import type { FilesReading } from "../../../../cli/audit/files/files-reading";
import { SopsConfigs } from "../../../../cli/rules/sops-configs";
import { statusOf } from "../../../../cli/status/tree-status";
import { tree } from "../status/sample";
import { KEY } from "./support/stack";

const rule = (more = "") => `creation_rules:\n  - path_regex: x\n    hc_vault_transit_uri: ${KEY}\n${more}`;
const AGE = "    age: age1mallory\n";

async function found(
  texts: Readonly<Record<string, string>>,
  declared: Partial<FilesReading["declared"]> = {},
): Promise<string[]> {
  const files = tree([], { configs: new SopsConfigs(new Map(Object.entries(texts))) });
  const reading = { tree: files, status: await statusOf(files, [], []), asked: false };
  const all = { keys: [], sopsConfig: rule(), folders: ["./apps"], ...declared };
  return configFindings({ ...reading, declared: all }).map(
    ({ id, severity, where, what }) => `${severity} ${id} ${where}: ${what}`,
  );
}

test("as declared: nothing", async () => {
  expect(await found({ ".sops.yaml": `# ours\n${rule()}` })).toEqual([]);
});

test("a recipient more is critical, anything else is high", async () => {
  expect(await found({ ".sops.yaml": rule(AGE) })).toEqual([
    "critical files-config-changed .sops.yaml: It is not what the stack declares: it names age age1mallory, which is not declared",
  ]);
  expect(await found({ ".sops.yaml": rule("    encrypted_regex: ^a$\n") })).toEqual([
    expect.stringMatching(/^high files-config-changed \.sops\.yaml: .*encrypted_regex is \^a\$/),
  ]);
});

test("none at all", async () => {
  expect(await found({})).toEqual([
    "high files-config-changed .sops.yaml: It is not what the stack declares: it is not there",
  ]);
});

test("one further down hides the declared one; another folder's is another stack's", async () => {
  const texts = { ".sops.yaml": rule(), "apps/db/.sops.yaml": rule(AGE), "other/.sops.yaml": rule(AGE) };
  expect(await found(texts)).toEqual([expect.stringContaining("apps/db/.sops.yaml")]);
  expect(await found(texts, { folders: ["./"] })).toHaveLength(2);
});

test("one of a stack's own folder is that stack's, whatever stands above it", async () => {
  const texts = { ".sops.yaml": rule(AGE), "apps/.sops.yaml": rule() };
  expect(await found(texts)).toEqual([]);
  expect(await found(texts, { folders: [] })).toHaveLength(1);
});

test("outputs that do not tell what is declared: nothing is known", async () => {
  expect(await found({ ".sops.yaml": rule(AGE) }, { sopsConfig: undefined })).toEqual([]);
});
