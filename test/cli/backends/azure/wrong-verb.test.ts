import { expect, test } from "vitest";
import { secret } from "../../rewrap/support/sops-repository";
import { azureStage } from "./support/azure-stage";

const stage = azureStage();
const FILE = "a.sops.yaml";

test("14. sops rotate is not enough for a key of Azure: what it leaves is stale; sops updatekeys is", async () => {
  await stage.repository.encrypt(FILE, secret("a"));
  stage.repository.git.commitAll();
  await stage.key.rotate();
  const status = async () => {
    const { code, out } = await stage.repository.call("status", ["status"]);
    return { code, stale: /(\d+) stale/.exec(out)?.[1] };
  };
  await stage.repository.sops(["rotate", "--in-place", FILE]);
  expect(await status()).toEqual({ code: 1, stale: "1" });
  await stage.repository.sops(["updatekeys", "--yes", FILE]);
  expect(await status()).toEqual({ code: 0, stale: "0" });
});
