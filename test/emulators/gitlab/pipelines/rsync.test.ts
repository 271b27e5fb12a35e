import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ensureRsync } from "../../../../sandbox/emulators/gitlab/pipelines/rsync";

const empty = mkdtempSync(join(tmpdir(), "sopsloop-path-"));
afterAll(() => rmSync(empty, { recursive: true, force: true }));

test("without rsync, and where it cannot be installed, the command to run is named in one line", async () => {
  await expect(ensureRsync(empty)).rejects.toMatchObject({
    name: "SandboxError",
    message: expect.stringMatching(/^rsync: not found, .*run `sudo apt-get install -y rsync`$/),
  });
});

test("with rsync there is nothing to do", async () => {
  await expect(ensureRsync()).resolves.toBeUndefined();
});
