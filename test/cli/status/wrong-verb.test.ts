import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { secret } from "../rewrap/support/sops-repository";
import { statusStage } from "./support/status-stage";

const stage = statusStage();
const FILE = "apps/a.sops.yaml";

function sops(...words: string[]): void {
  const { folder, env } = stage.repository;
  execFileSync("sops", words, { cwd: folder, env, stdio: "pipe" });
}

test("14. sops updatekeys is not enough for a key of Vault: what it leaves is stale; sops rotate is", async () => {
  stage.repository.encryptByRules(FILE, secret("a"));
  stage.repository.commitAll();
  await stage.vault.rotate();
  sops("updatekeys", "--yes", FILE);
  expect(await stage.report()).toMatchObject({ code: 1, found: [`stale ${FILE}`] });
  sops("rotate", "--in-place", FILE);
  expect(await stage.report()).toMatchObject({ code: 0, found: [] });
});
