import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rewrapIn } from "./support/rewrap-in";
import { SopsRepository, secret } from "./support/sops-repository";
import { SopsVault } from "./support/sops-vault";

const COMPETITORS = 10;

describe("sopsloop rewrap --push", () => {
  let vault: SopsVault;
  let repository: SopsRepository;
  let clones: SopsRepository[];

  beforeAll(async () => {
    vault = await SopsVault.start();
  });
  afterAll(() => vault.stop());

  beforeEach(() => {
    repository = SopsRepository.create(vault.env());
    for (let index = 0; index < 20; index++)
      repository.encrypt(`apps/s${index}.yaml`, secret(`s${index}`), vault.keyUri());
    repository.commitAll();
    repository.withUpstream();
    clones = [];
  });
  afterEach(() => {
    for (const each of [...clones, repository]) each.remove();
  });

  const versions = (tree: SopsRepository) =>
    tree
      .git("grep", "--only-matching", "-h", "vault:v[0-9]*:", "HEAD", "--", "apps")
      .split("\n")
      .map((text) => text.replaceAll(/\D/g, ""));

  /** As any developer would: pull, and push again, until it works. */
  async function pushStubbornly(clone: SopsRepository): Promise<void> {
    const git = async (...words: string[]) => {
      const child = spawn("git", words, { cwd: clone.folder, env: { ...clone.env }, stdio: "ignore" });
      const [code] = await once(child, "close");
      return code === 0;
    };
    while (!(await git("push", "--quiet", "origin", "HEAD:main"))) {
      // Their own new file never conflicts.
      expect(await git("pull", "--quiet", "--rebase", "origin", "main")).toBe(true);
    }
  }

  test(`18. ${COMPETITORS} others push at the same time: nothing is lost, history is linear, every file is fresh`, async () => {
    for (let index = 0; index < COMPETITORS; index++) {
      const clone = repository.clone();
      clones.push(clone);
      // Wrapped by the version that is about to become an old one.
      clone.encrypt(`apps/theirs-${index}.yaml`, secret(`theirs-${index}`), vault.keyUri());
      clone.write(`notes/${index}.txt`, `${index}\n`);
      clone.commitAll(`Theirs ${index}`);
    }
    const version = String(await vault.rotate());
    const begun = repository.git("rev-parse", "HEAD");
    const pushes = clones.map(async (clone, index) => {
      await sleep(index * 40);
      await pushStubbornly(clone);
    });
    const [first] = await Promise.all([rewrapIn(repository, ["--push"]), ...pushes]);
    // It gives up after five times and says so, as it must where the machine lets the others be faster for so long.
    const outrun = /^sopsloop: others pushed .* 5 times/m.test(first.err);
    const ran = outrun ? await rewrapIn(repository, ["--push"]) : first;
    expect({
      code: ran.code,
      err: ran.err.split("\n").filter((line) => line.startsWith("sopsloop")),
    }).toEqual({
      code: 0,
      err: [],
    });
    // Whoever pushed last had rebased on the rewrap, or the rewrap on theirs.
    expect((await rewrapIn(repository, ["--push"])).code).toBe(0);
    const fresh = repository.clone();
    clones.push(fresh);
    expect(new Set(versions(fresh))).toEqual(new Set([version]));
    expect(versions(fresh)).toHaveLength(20 + COMPETITORS);
    expect(fresh.git("rev-list", "--min-parents=2", "--count", "HEAD")).toBe("0");
    expect(fresh.git("merge-base", begun, "HEAD")).toBe(begun);
    const subjects = fresh.git("log", "--format=%s", `${begun}..HEAD`).split("\n");
    expect(subjects.filter((subject) => subject.startsWith("Theirs")).sort()).toEqual(
      Array.from({ length: COMPETITORS }, (_, index) => `Theirs ${index}`),
    );
    for (let index = 0; index < COMPETITORS; index++) {
      expect(fresh.read(`notes/${index}.txt`)).toBe(`${index}\n`);
      expect(fresh.decrypt(`apps/theirs-${index}.yaml`)).toContain(`alpha-theirs-${index}`);
    }
    expect(repository.status()).toBe("");
  });

  test("others who change the same file win, and their version is rewrapped", async () => {
    const clone = repository.clone();
    clones.push(clone);
    clone.encrypt("apps/s3.yaml", secret("changed"), vault.keyUri());
    clone.commitAll("Theirs");
    clone.git("push", "--quiet", "origin", "HEAD:main");
    const version = await vault.rotate();
    // Rewrapped here, and never pushed: dropped, not merged.
    expect((await rewrapIn(repository, ["--commit"])).code).toBe(0);
    const { code, out } = await rewrapIn(repository, ["--push"]);
    expect({ code, out: out.split("\n").at(-2) }).toEqual({ code: 0, out: "Pushed to refs/heads/main." });
    expect(repository.decrypt("apps/s3.yaml")).toContain("alpha-changed");
    expect(new Set(versions(repository))).toEqual(new Set([String(version)]));
    expect(repository.git("log", "--format=%s", "-3").split("\n")).toEqual([
      "Rewrap 20 files for the current key version",
      "Theirs",
      "Files",
    ]);
  });

  test("changes of one's own that are not committed are kept, in files that are not sops's", async () => {
    repository.write("notes.txt", "one\n");
    repository.commitAll("Notes");
    repository.git("push", "--quiet", "origin", "HEAD:main");
    const clone = repository.clone();
    clones.push(clone);
    clone.write("other.txt", "theirs\n");
    clone.commitAll("Theirs");
    clone.git("push", "--quiet", "origin", "HEAD:main");
    repository.write("notes.txt", "mine\n");
    await vault.rotate();
    expect((await rewrapIn(repository, ["--push"])).code).toBe(0);
    expect(repository.read("notes.txt")).toBe("mine\n");
    expect(repository.read("other.txt")).toBe("theirs\n");
    expect(repository.status()).toBe(" M notes.txt");
  });

  test("a pipeline's checkout of a commit pushes to the branch that it was started for", async () => {
    repository.git("checkout", "--quiet", "--detach");
    await vault.rotate();
    const { code, out } = await rewrapIn(repository, ["--push"], { CI_COMMIT_BRANCH: "main" });
    expect({ code, out: out.split("\n").at(-2) }).toEqual({ code: 0, out: "Pushed to refs/heads/main." });
    expect(repository.git("ls-remote", "origin", "refs/heads/main")).toContain(
      repository.git("rev-parse", "HEAD"),
    );
  });

  test("a commit is signed where git is set up so", async () => {
    const key = `${repository.folder}/.git/signing`;
    spawn("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    for (let waited = 0; waited < 100 && repository.missing(".git/signing.pub"); waited++) await sleep(50);
    for (const [name, value] of [
      ["gpg.format", "ssh"],
      ["user.signingKey", `${key}.pub`],
      ["commit.gpgSign", "true"],
    ] as const)
      repository.git("config", name, value);
    await vault.rotate();
    expect((await rewrapIn(repository, ["--commit"])).code).toBe(0);
    expect(repository.git("cat-file", "commit", "HEAD")).toContain("-----BEGIN SSH SIGNATURE-----");
  });
});
