import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Git } from "../../../cli/git/git";
import { withJobCredentials } from "../../../cli/git/job-credentials";
import { PLAIN_GIT } from "../../../sandbox/servers/environment";
import { temporaryFolders } from "../../servers/temporary-folder";

const TOKEN = "glcbt-64_a-token-of-a-job";
const JOB = {
  CI_JOB_TOKEN: TOKEN,
  CI_SERVER_URL: "https://gitlab.example.com:8443",
  CI_SERVER_TLS_CA_FILE: "/builds/ca.pem",
};

describe("git in a job of GitLab's", () => {
  const folder = temporaryFolders();
  const plain = () => ({ ...PLAIN_GIT, HOME: folder(), PATH: process.env.PATH });

  test("it is the job towards its own GitLab, whatever the runner's home has saved", async () => {
    const env = { ...PLAIN_GIT, HOME: folder(), PATH: process.env.PATH };
    writeFileSync(join(env.HOME, "saved"), "https://other:password@gitlab.example.com:8443\n");
    const settings = join(env.HOME, "settings");
    writeFileSync(settings, `[credential]\n\thelper = store --file ${join(env.HOME, "saved")}\n`);
    const git = new Git(env.HOME, { ...env, ...JOB, GIT_CONFIG_GLOBAL: settings });
    const asked = "protocol=https\nhost=gitlab.example.com:8443\npath=platform/deploy.git\n\n";
    const filled = await git.text(["credential", "fill"], asked);
    expect(filled).toContain("username=gitlab-ci-token");
    expect(filled).toContain(`password=${TOKEN}`);
  });

  test("no other server is told the token", async () => {
    const git = new Git(folder(), { ...plain(), ...JOB });
    for (const host of ["gitlab.example.com", "evil.example.com:8443"]) {
      const { code, stdout } = await git.try(["credential", "fill"], `protocol=https\nhost=${host}\n\n`);
      expect({ host, code, told: stdout.includes(TOKEN) }).toEqual({ host, code: 128, told: false });
    }
  });

  test("a token that the runner wrote into the remote's address is left out of every argument", async () => {
    const git = new Git(folder(), { ...plain(), ...JOB });
    await git.run(["init", "--quiet"]);
    const written = `https://gitlab-ci-token:${TOKEN}@gitlab.example.com:8443/platform/deploy.git`;
    await git.run(["remote", "add", "origin", written]);
    const clean = "https://gitlab.example.com:8443/platform/deploy.git";
    expect(await git.text(["remote", "get-url", "origin"])).toBe(clean);
    expect(await git.text(["remote", "get-url", "--push", "origin"])).toBe(clean);
  });

  test("the runner's CA is for that server alone, and one that is set already goes first", async () => {
    const words = ["config", "--get-urlmatch", "http.sslCAInfo"];
    const git = new Git(folder(), { ...plain(), ...JOB });
    expect(await git.text([...words, "https://gitlab.example.com:8443/platform/deploy.git"])).toBe(
      "/builds/ca.pem",
    );
    expect((await git.try([...words, "https://other.example.com/x.git"])).code).toBe(1);
    const own = new Git(folder(), { ...plain(), ...JOB, GIT_SSL_CAINFO: "/own.pem" });
    expect((await own.try([...words, "https://gitlab.example.com:8443/x.git"])).code).toBe(1);
  });

  test("settings that the environment has already are kept, and nothing is added twice", () => {
    const before = { ...JOB, GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "a.b", GIT_CONFIG_VALUE_0: "c" };
    const env = withJobCredentials(before);
    expect(env).toMatchObject({ ...before, GIT_CONFIG_COUNT: "5", GIT_TERMINAL_PROMPT: "0" });
    expect(withJobCredentials(env)).toBe(env);
  });

  test("nothing changes outside of a job", () => {
    for (const env of [
      {},
      { CI_JOB_TOKEN: TOKEN },
      { CI_SERVER_URL: "https://x" },
      { ...JOB, CI_SERVER_URL: "x" },
    ])
      expect(withJobCredentials(env)).toBe(env);
  });

  test("nothing is written to the repository's own settings", async () => {
    const at = join(folder(), "checkout");
    mkdirSync(at);
    const git = new Git(at, { ...plain(), ...JOB });
    await git.run(["init", "--quiet"]);
    await git.try(["fetch", "--quiet", "https://127.0.0.1:1/nobody.git"]);
    expect(readFileSync(join(at, ".git", "config"), "utf8")).not.toMatch(/credential|gitlab|insteadOf/);
  });
});
