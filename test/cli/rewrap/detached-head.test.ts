import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rewrapIn } from "./support/rewrap-in";
import { SopsRepository, secret } from "./support/sops-repository";
import { SopsVault } from "./support/sops-vault";

const DEPTH = 20;

let vault: SopsVault;
let repository: SopsRepository;
let checkout: SopsRepository;

beforeAll(async () => {
  vault = await SopsVault.start();
});
afterAll(() => vault.stop());

beforeEach(() => {
  repository = SopsRepository.create(vault.env());
  repository.encrypt("a.yaml", secret("a"), vault.keyUri());
  repository.commitAll();
  for (let commit = 1; commit < DEPTH + 5; commit++)
    repository.git("commit", "--quiet", "--allow-empty", `--message=${commit}`);
  repository.withUpstream();
  checkout = shallowCheckout();
});
afterEach(() => {
  checkout.remove();
  repository.remove();
});

/** As GitLab's runner does it: the last commits only, a commit instead of a branch. */
function shallowCheckout(): SopsRepository {
  const folder = mkdtempSync(join(tmpdir(), "sopsloop-checkout-"));
  const shallow = SopsRepository.at(folder, repository.env);
  shallow.git("init", "--quiet", "--initial-branch=none");
  shallow.git("remote", "add", "origin", `file://${repository.remote}`);
  shallow.git("fetch", "--quiet", "--no-tags", `--depth=${DEPTH}`, "origin", "main");
  shallow.git("checkout", "--quiet", "--detach", "FETCH_HEAD");
  return shallow;
}

function tip(): string {
  return execFileSync("git", ["-C", repository.remote, "rev-parse", "main"], { encoding: "utf8" }).trim();
}

describe("a checkout of GitLab's: shallow, with a detached HEAD", () => {
  test("--branch says where to push to", async () => {
    await vault.rotate();
    const { code, out } = await rewrapIn(checkout, ["--push", "--branch", "main"]);
    expect({ code, out: out.includes("refs/heads/main") }).toEqual({ code: 0, out: true });
    expect(tip()).toBe(checkout.git("rev-parse", "HEAD"));
    expect(checkout.git("rev-list", "--count", "HEAD")).toBe(`${DEPTH + 1}`);
  });

  test("a tip that has moved meanwhile, by more than the depth, is gone on from", async () => {
    await vault.rotate();
    for (let commit = 0; commit < DEPTH + 5; commit++)
      repository.git("commit", "--quiet", "--allow-empty", `--message=later ${commit}`);
    repository.encrypt("b.yaml", secret("b"), vault.keyUri());
    const theirs = repository.commitAll();
    repository.git("push", "--quiet");
    expect((await rewrapIn(checkout, ["--push", "--branch", "main"])).code).toBe(0);
    expect(checkout.git("rev-parse", "HEAD~1")).toBe(theirs);
    expect(tip()).toBe(checkout.git("rev-parse", "HEAD"));
  });

  test("CI_COMMIT_BRANCH says it too", async () => {
    await vault.rotate();
    expect((await rewrapIn(checkout, ["--push"], { CI_COMMIT_BRANCH: "main" })).code).toBe(0);
    expect(tip()).toBe(checkout.git("rev-parse", "HEAD"));
  });

  test("nothing to do: nothing is pushed", async () => {
    const before = tip();
    expect((await rewrapIn(checkout, ["--push", "--branch", "main"])).code).toBe(0);
    expect(tip()).toBe(before);
  });
});

describe("a branch that cannot be pushed to", () => {
  test.each([
    [["--push"], {}, 2, "or name one of origin: --branch"],
    [["--branch", "main"], {}, 2, "--branch says where to push to; it goes with --push"],
    [["--push", "--branch", "a..b"], {}, 2, "--branch a..b: is no name of a branch"],
    [["--push", "--branch", "other"], {}, 1, "couldn't find remote ref refs/heads/other"],
  ])("%o", async (words, env, code, told) => {
    const ran = await rewrapIn(checkout, words, { CI_COMMIT_BRANCH: "", ...env });
    expect(ran.code).toBe(code);
    expect(ran.err).toContain(told);
  });

  test("another one than is checked out", async () => {
    const { code, err } = await rewrapIn(repository, ["--push", "--branch", "other"]);
    expect(code).toBe(2);
    expect(err).toContain("--branch other: the branch that is checked out is pushed to refs/heads/main");
  });

  test("a commit that is not the server's is not dropped", async () => {
    checkout.git("commit", "--quiet", "--allow-empty", "--message=mine");
    const { code, err } = await rewrapIn(checkout, ["--push", "--branch", "main"]);
    expect(code).toBe(1);
    expect(err).toContain("is not in refs/heads/main and is no rewrap");
  });
});
