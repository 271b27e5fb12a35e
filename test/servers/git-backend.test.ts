import { execFileSync } from "node:child_process";
import { request } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freePorts } from "../../sandbox/processes/free-port";
import { GitBackend } from "../../sandbox/servers/git-backend";
import { temporaryFolders } from "./temporary-folder";

const temporary = temporaryFolders();
const REFS = "/deploy.git/info/refs?service=git-upload-pack";

describe("the git server", () => {
  let port = 0;
  let backend: GitBackend;

  beforeEach(async () => {
    const folder = temporary();
    execFileSync("git", ["init", "--quiet", "--bare", join(folder, "deploy.git")]);
    [port = 0] = await freePorts(1);
    backend = new GitBackend(folder);
    await backend.listen(port);
  });
  afterEach(() => backend.close());

  const statusOf = (path: string, headers: Record<string, string> = {}) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request({ host: "127.0.0.1", port, path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on("error", reject).end();
    });

  test("serves git under both names of this machine", async () => {
    expect(await statusOf(REFS)).toBe(200);
    expect(await statusOf(REFS, { host: `localhost:${port}` })).toBe(200);
  });

  test("refuses what only a web page would send", async () => {
    expect(await statusOf(REFS, { host: `rebound.invalid:${port}` })).toBe(403);
    expect(await statusOf(REFS, { host: "127.0.0.1" })).toBe(403);
    expect(await statusOf(REFS, { origin: `http://127.0.0.1:${port}` })).toBe(403);
  });

  test("answers a URL that cannot be read, and lives on", async () => {
    expect(await statusOf("/%zz")).toBe(400);
    expect(await statusOf("//")).toBe(400);
    expect(await statusOf(REFS)).toBe(200);
  });
});
