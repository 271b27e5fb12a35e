import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tryRun } from "../../../sandbox/processes/run";
import { PLAIN_GIT, plainEnvironment } from "../../../sandbox/servers/environment";
import { type TestGitLab, testGitLab } from "./support/test-gitlab";

let server: TestGitLab;
let tree: string;

const AUTHOR = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];

/** Real git with a token that it takes from its environment. */
function git(token: string, ...args: string[]) {
  const helper = "!f() { echo username=oauth2; echo password=$TOKEN; }; f";
  const env = { ...plainEnvironment(), ...PLAIN_GIT, TOKEN: token, GIT_SSL_CAINFO: server.ca };
  return tryRun("git", [...AUTHOR, "-c", `credential.helper=${helper}`, ...args], { cwd: tree, env });
}

async function commitAndPush(token: string, text: string, ...push: string[]) {
  writeFileSync(join(tree, "file"), text);
  await git(token, "add", "-A");
  await git(token, "commit", "-qm", text);
  return git(token, "push", ...push);
}

beforeAll(async () => {
  server = await testGitLab();
  tree = mkdtempSync(join(tmpdir(), "sopsloop-tree-"));
  const api = server.client(server.tokens.bot);
  await api.Commits.create(101, "main", "Begin", [{ action: "create", filePath: "a", content: "1" }]);
  const cloned = await git(server.tokens.bot, "clone", "-q", `${server.address}/platform/deploy.git`, ".");
  expect(cloned).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await server.close();
  rmSync(tree, { recursive: true, force: true });
});

it("pushes with a token, and the REST API sees the commit", async () => {
  expect(await commitAndPush(server.tokens.bot, "one", "-q", "origin", "main")).toMatchObject({ code: 0 });
  const [newest] = await server.client(server.tokens.bot).Commits.all(101);
  expect(newest).toMatchObject({ title: "one", author_name: "Ada" });
});

it("refuses a token that does not hold, and a project that is not there", async () => {
  const wrong = await git("glpat-wrong", "fetch", "-q", "origin");
  expect(wrong.code).not.toBe(0);
  expect(wrong.stderr).toContain("HTTP Basic: Access denied");
  const unknown = await git(server.tokens.bot, "ls-remote", `${server.address}/platform/none.git`);
  expect(unknown.stderr).toContain("could not be found");
});

it("refuses what a protected branch does not take, and takes the same elsewhere", async () => {
  const { directory } = server.gitlab.core;
  const developer = directory.addUser("developer");
  const project = directory.project(101);
  if (!project) throw new Error("no project");
  directory.setMember(project, developer, 30);
  const { token } = directory.addToken(developer, "t", ["api", "write_repository"]);
  const refused = await commitAndPush(token, "two", "origin", "HEAD:main");
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("You are not allowed to push code to protected branches");
  expect(await git(token, "push", "-q", "origin", "HEAD:refs/heads/topic")).toMatchObject({ code: 0 });
  const reader = directory.addUser("reader");
  directory.setMember(project, reader, 20);
  const reading = directory.addToken(reader, "t", ["api", "write_repository"]).token;
  expect(await git(reading, "fetch", "-q", "origin")).toMatchObject({ code: 0 });
  expect((await git(reading, "push", "origin", "HEAD:refs/heads/other")).stderr).toContain("403");
});

it("neither rewrites nor deletes a protected branch, not even for a maintainer", async () => {
  await git(server.tokens.bot, "reset", "-q", "--hard", "HEAD~2");
  const forced = await commitAndPush(server.tokens.bot, "three", "--force", "origin", "HEAD:main");
  expect(forced.stderr).toContain("You are not allowed to force push code to a protected branch");
  const deleted = await git(server.tokens.bot, "push", "origin", "--delete", "main");
  expect(deleted.stderr).toContain("You can only delete protected branches using the web interface");
});
