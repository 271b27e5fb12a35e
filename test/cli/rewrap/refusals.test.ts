import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { until } from "../../../sandbox/processes/until";
import { BuiltCommand, exitOf } from "./support/built-command";
import { MoodyProxy } from "./support/moody-proxy";
import { type Ran, rewrapIn } from "./support/rewrap-in";
import { SopsRepository, secret } from "./support/sops-repository";
import { SopsVault } from "./support/sops-vault";

/** Who owns nothing. */
const NOBODY = 65534;
const GOOD = ["apps/a.yaml", "apps/b.yaml", "c.json"];

describe("sopsloop rewrap refuses", () => {
  let vault: SopsVault;
  let command: BuiltCommand;
  let repository: SopsRepository;

  beforeAll(async () => {
    vault = await SopsVault.start();
    command = await BuiltCommand.build();
  });
  afterAll(async () => {
    command?.remove();
    await vault.stop();
  });

  beforeEach(async () => {
    repository = SopsRepository.create(vault.env());
    repository.encrypt("apps/a.yaml", secret("a"), vault.keyUri());
    repository.encrypt("apps/b.yaml", secret("b"), vault.keyUri());
    repository.encrypt("c.json", '{"c": 1}', vault.keyUri());
    repository.commitAll();
    await vault.rotate();
  });
  afterEach(() => repository.remove());

  /** Nothing may have changed, and nothing may lie about. */
  function untouched(): void {
    expect(repository.status()).toBe("");
    expect(readdirSync(join(repository.folder, "apps")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(readdirSync(join(repository.folder, ".git"))).not.toContain("sopsloop.lock");
  }

  function refused(ran: Ran, line: string, code = 1): void {
    expect({
      code: ran.code,
      lines: ran.err.split("\n").filter((text) => text.startsWith("sopsloop:")),
    }).toEqual({
      code,
      lines: [`sopsloop: ${line}`],
    });
    untouched();
  }

  describe("what Vault refuses:", () => {
    test("a token that has expired", async () => {
      const token = await vault.newToken({ policies: ["root"], ttl: "1h" });
      await vault.api.write("auth/token/revoke", { token });
      refused(
        await rewrapIn(repository, [], { VAULT_TOKEN: token }),
        `Vault at ${vault.address} does not know this token: it has expired or was revoked; log in again and set VAULT_TOKEN`,
      );
    });

    test("a token without rewrap", async () => {
      const ran = await rewrapIn(repository, [], { VAULT_TOKEN: await vault.token("status") });
      const why = `Vault at ${vault.address} does not let this token rewrap: its policy needs "update" on transit/rewrap/sops`;
      expect(ran.code).toBe(1);
      expect(ran.err.split("\n").slice(1, -1)).toEqual(GOOD.map((path) => `sopsloop: ${path}: ${why}`));
      expect(ran.out).toBe("Nothing was changed: 3 failures.\n");
      untouched();
    });

    test("a token without anything", async () => {
      const ran = await rewrapIn(repository, ["c.json"], { VAULT_TOKEN: await vault.token() });
      refused(
        ran,
        `c.json: Vault at ${vault.address} does not let this token read: its policy needs "read" on transit/keys/sops`,
      );
    });

    test("no token at all", async () => {
      refused(
        await rewrapIn(repository, [], { VAULT_TOKEN: undefined }),
        "no Vault token: set VAULT_TOKEN, or run `vault login` (it writes ~/.vault-token); a CI job has VAULT_ID_TOKEN and VAULT_AUTH_ROLE instead",
        2,
      );
    });

    test("a Vault whose certificate nobody vouches for", async () => {
      refused(
        await rewrapIn(repository, [], { VAULT_CACERT: undefined }),
        `Vault at ${vault.address}: its certificate is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE); set VAULT_CACERT to its CA's PEM file, or VAULT_TLS_SERVER_NAME to its name`,
      );
    });

    test("a Vault that is not the token's", async () => {
      refused(
        await rewrapIn(repository, [], { VAULT_ADDR: "https://other.example:8200" }),
        `${vault.address}: a file names this Vault, but VAULT_ADDR is https://other.example:8200, so the token is not sent there; if it is yours: SOPS_HC_VAULT_ALLOWLIST=https://other.example:8200,${vault.address}`,
      );
    });

    test("a file for a key that is not there", async () => {
      await vault.newKey("gone");
      repository.encrypt("apps/gone.yaml", secret("gone"), vault.keyUri("gone"));
      repository.commitAll();
      await vault.api.write("transit/keys/gone/config", { deletion_allowed: true });
      await vault.api.delete("transit/keys/gone");
      refused(
        await rewrapIn(repository),
        `apps/gone.yaml: Vault at ${vault.address} has no key "gone" under transit`,
      );
    });

    test("a file for an engine that is not there", async () => {
      const content = repository
        .read("apps/a.yaml")
        .replace("engine_path: transit", "engine_path: elsewhere");
      repository.write("apps/lost.yaml", content);
      repository.commitAll();
      refused(
        await rewrapIn(repository),
        `apps/lost.yaml: Vault at ${vault.address} has no secrets engine at "elsewhere"; is VAULT_NAMESPACE right?`,
      );
    });

    test("a file whose wrapped key is damaged", async () => {
      const content = repository.read("apps/a.yaml");
      const [wrapped = ""] = /vault:v\d+:\S+/.exec(content) ?? [];
      const damaged = wrapped.slice(0, -8) + (wrapped.endsWith("AAAAAAAA") ? "BBBBBBBB" : "AAAAAAAA");
      repository.write("apps/damaged.yaml", content.replace(wrapped, damaged));
      repository.commitAll();
      refused(
        await rewrapIn(repository),
        `apps/damaged.yaml: Vault cannot open its data key by ${vault.keyUri()}: cipher: message authentication failed`,
      );
    });

    test("a file that says a version which the key has not reached", async () => {
      repository.write(
        "apps/ahead.yaml",
        repository.read("apps/a.yaml").replace(/vault:v\d+:/, "vault:v999:"),
      );
      repository.commitAll();
      const { latest_version: latest } = (await vault.api.read("transit/keys/sops")) ?? {};
      refused(
        await rewrapIn(repository),
        `apps/ahead.yaml: says version 999 of ${vault.keyUri()}, which is at ${String(latest)}: is it another key of that name?`,
      );
    });

    test("a sealed Vault", async () => {
      const sealed = await SopsVault.start();
      try {
        const own = repository.with(sealed.env());
        own.encrypt("apps/sealed.yaml", secret("sealed"), sealed.keyUri());
        repository.commitAll();
        await sealed.seal();
        const ran = await rewrapIn(own, ["apps/sealed.yaml"]);
        refused(
          ran,
          `Vault at ${sealed.address} is sealed; unseal it (vault operator unseal) and run this again`,
        );
      } finally {
        await sealed.stop();
      }
    });
  });

  describe("what stands before Vault:", () => {
    let proxy: MoodyProxy;

    beforeEach(async () => {
      proxy = await MoodyProxy.before(vault);
      const env = { VAULT_ADDR: proxy.address, VAULT_CACERT: proxy.ca };
      repository = repository.with(env);
      for (const path of GOOD) {
        repository.write(path, repository.read(path).replaceAll(vault.address, proxy.address));
      }
      repository.commitAll("Through the proxy");
    });
    afterEach(() => proxy.stop());

    test("answers of 503, 429 and 502 and a lost connection are tried again", async () => {
      proxy.moods = [
        { status: 503 },
        { status: 429, headers: { "retry-after": "1" } },
        "pass",
        "hang up",
        { status: 502 },
      ];
      const { code, out } = await rewrapIn(repository);
      expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^Changed 3 of 3 sops files/) });
      expect(proxy.moods).toEqual([]);
    });

    test("a 429 that stays is told", async () => {
      proxy.always = { status: 429, headers: { "retry-after": "0" } };
      refused(
        await rewrapIn(repository, [], { VAULT_MAX_RETRIES: "1" }),
        `Vault at ${proxy.address} still answers 429: the proxy is in a mood, tried 2 times; run this again later (VAULT_MAX_RETRIES sets how patient it is)`,
      );
      expect(proxy.requests).toBe(2);
    });

    test("another run that is at work in the tree, until it is gone", async () => {
      // A lock names its process and when that was started; this one is too old to be of a living one.
      writeFileSync(join(repository.folder, ".git", "sopsloop.lock"), String(process.ppid));
      expect((await rewrapIn(repository)).code).toBe(0);
      repository.git("checkout", "--quiet", ".");
      const before = proxy.requests;
      proxy.always = { after: () => new Promise(() => undefined) };
      const child = command.start(repository, []);
      try {
        // Once it has asked Vault, which does not answer, it stays at work.
        const asked = async () => proxy.requests > before || undefined;
        await until(asked, { what: "the other run to ask Vault", timeoutMs: 60_000 });
        const ran = await rewrapIn(repository);
        expect({ code: ran.code, err: ran.err }).toEqual({
          code: 1,
          err: `sopsloop: ${repository.folder}: another run of sopsloop (process ${child.pid}) is at work here; wait for it\n`,
        });
      } finally {
        child.kill("SIGKILL");
        await exitOf(child);
      }
      proxy.always = undefined;
      expect((await rewrapIn(repository)).code).toBe(0);
    });

    test("a Vault that is gone halfway is told, and nothing is changed", async () => {
      proxy.moods = ["pass", "hang up", "hang up"];
      refused(
        await rewrapIn(repository, [], { VAULT_MAX_RETRIES: "1" }),
        `Vault at ${proxy.address} cannot be reached (ECONNRESET, tried 2 times); does it run, and can this machine reach it?`,
      );
    });
  });

  describe("what lies in the tree:", () => {
    /** Root may read and write anywhere, so that the command then runs as somebody else. */
    function asNobody(): number | undefined {
      if (process.getuid?.() !== 0) return undefined;
      repository.giveTo(NOBODY);
      repository = repository.with({
        VAULT_CACERT: undefined,
        VAULT_CACERT_BYTES: readFileSync(vault.ca, "utf8"),
      });
      return NOBODY;
    }

    test("a file that was cut short", async () => {
      const content = repository.read("apps/a.yaml");
      repository.write("apps/torn.yaml", content.slice(0, content.indexOf("\nsops:")));
      repository.commitAll();
      refused(
        await rewrapIn(repository),
        "apps/torn.yaml: holds values encrypted by sops, but not sops's own part: cut short or merged badly; restore it from git",
      );
    });

    test("a symbolic link to a sops file out of the tree", async () => {
      const outside = SopsRepository.create(vault.env());
      try {
        outside.write("theirs.yaml", repository.read("apps/a.yaml"));
        const target = join(outside.folder, "theirs.yaml");
        symlinkSync(target, join(repository.folder, "apps", "link.yaml"));
        repository.commitAll();
        const before = outside.read("theirs.yaml");
        refused(
          await rewrapIn(repository),
          `apps/link.yaml: a symbolic link out of the work tree, to ${target}; rewrap that file where it is tracked, and leave apps/link.yaml out of the paths`,
        );
        expect(outside.read("theirs.yaml")).toBe(before);
        expect((await rewrapIn(repository, ["apps/a.yaml", "c.json"])).code).toBe(0);
      } finally {
        outside.remove();
      }
    });

    test("a folder that became a symbolic link out of the tree", async () => {
      const outside = SopsRepository.create(vault.env());
      try {
        outside.write("a.yaml", repository.read("apps/a.yaml"));
        rmSync(join(repository.folder, "apps"), { recursive: true });
        symlinkSync(outside.folder, join(repository.folder, "apps"));
        const before = outside.read("a.yaml");
        const ran = await rewrapIn(repository);
        expect(ran.code).toBe(1);
        expect(ran.err).toBe(
          "sopsloop: apps/a.yaml: a folder on its way is a symbolic link, so it is not what git tracks; restore apps from git\n",
        );
        expect(outside.read("a.yaml")).toBe(before);
      } finally {
        outside.remove();
      }
    });

    test("a folder that cannot be written to", async () => {
      const uid = asNobody();
      chmodSync(join(repository.folder, "apps"), 0o555);
      try {
        const ran = await command.run(repository, [], uid);
        expect(ran).toEqual({
          code: 1,
          signal: null,
          out: "",
          err: "Rewrapping 3 data keys\nWriting 3 files\nsopsloop: apps/a.yaml: the folder apps cannot be written to (EACCES); nothing was changed\n",
        });
      } finally {
        chmodSync(join(repository.folder, "apps"), 0o755);
      }
      if (uid !== undefined) repository.giveTo(process.getuid?.() ?? 0);
      untouched();
    });

    test("a file that cannot be read", async () => {
      const uid = asNobody();
      chmodSync(join(repository.folder, "apps/b.yaml"), 0o000);
      const ran = await command.run(repository, [], uid);
      chmodSync(join(repository.folder, "apps/b.yaml"), 0o644);
      expect({ code: ran.code, err: ran.err }).toEqual({
        code: 1,
        err: "sopsloop: apps/b.yaml: cannot be read (EACCES)\n",
      });
      if (uid !== undefined) repository.giveTo(process.getuid?.() ?? 0);
      untouched();
    });

    test("a folder that is no checkout", async () => {
      const folder = mkdtempSync(join(tmpdir(), "sopsloop-plain-"));
      try {
        const ran = await rewrapIn(repository, [folder]);
        refused(ran, `${folder}: no git work tree; run sopsloop in a checkout, or name a path in one`, 2);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });

  describe("what a commit would take along:", () => {
    test("a file with changes of one's own", async () => {
      repository.write("apps/a.yaml", `# mine\n${repository.read("apps/a.yaml")}`);
      const ran = await rewrapIn(repository, ["--commit"]);
      expect({ code: ran.code, err: ran.err }).toEqual({
        code: 1,
        err: "sopsloop: apps/a.yaml: changed, but not committed; commit or undo that first, since --commit takes whole files\n",
      });
      expect(repository.status()).toBe(" M apps/a.yaml");
      expect(repository.git("rev-list", "--count", "HEAD")).toBe("1");
      const plain = await rewrapIn(repository);
      expect({ code: plain.code, out: plain.out.split(":")[0] }).toEqual({
        code: 0,
        out: "Changed 3 of 3 sops files (rewrapped)",
      });
      expect(plain.err).toContain(
        "sopsloop: note: apps/a.yaml: had changes that are not committed; they are kept\n",
      );
      expect(repository.read("apps/a.yaml")).toMatch(/^# mine\n/);
    });

    test("something staged", async () => {
      repository.write("notes.txt", "mine\n");
      repository.git("add", "notes.txt");
      const ran = await rewrapIn(repository, ["--commit"]);
      expect({ code: ran.code, err: ran.err }).toEqual({
        code: 1,
        err: "sopsloop: notes.txt: staged for a commit of yours; commit or unstage that first\n",
      });
      expect(repository.status()).toBe("A  notes.txt");
    });

    test("a commit that a hook refuses leaves the tree as it was", async () => {
      const hook = join(repository.folder, ".git", "hooks", "pre-commit");
      writeFileSync(hook, "#!/bin/sh\necho 'error: not on a Friday' >&2\nexit 1\n", { mode: 0o755 });
      refused(
        await rewrapIn(repository, ["--commit"]),
        `git commit failed in ${repository.folder}: error: not on a Friday`,
      );
    });
  });

  describe("where there is nowhere to push to:", () => {
    test("a branch without upstream", async () => {
      refused(
        await rewrapIn(repository, ["--push"]),
        `${repository.folder}: branch main has no upstream; set one: git push -u origin main`,
        2,
      );
    });

    test("no branch", async () => {
      repository.git("checkout", "--quiet", "--detach");
      refused(
        await rewrapIn(repository, ["--push"]),
        `${repository.folder}: no branch is checked out, so there is nowhere to push to; git switch to one, or name one of origin: --branch`,
        2,
      );
    });

    test("a branch with a commit of one's own", async () => {
      repository.withUpstream();
      repository.write("notes.txt", "mine\n");
      const commit = repository.commitAll("Mine");
      refused(
        await rewrapIn(repository, ["--push"]),
        `${repository.folder}: commit ${commit.slice(0, 10)} is not in refs/heads/main and is no rewrap; push it first, or work in a fresh clone`,
      );
      expect(repository.git("rev-parse", "HEAD")).toBe(commit);
    });

    test("an upstream that refuses", async () => {
      repository.withUpstream();
      const hook = join(repository.remote, "hooks", "pre-receive");
      writeFileSync(hook, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
      const ran = await rewrapIn(repository, ["--push"]);
      expect({ code: ran.code, err: ran.err.split("\n").slice(-2) }).toEqual({
        code: 1,
        err: [
          "sopsloop: git push to origin refs/heads/main was refused: [remote rejected] (pre-receive hook declined)",
          "",
        ],
      });
      // The commit is kept, and the next run takes it along.
      rmSync(hook);
      expect((await rewrapIn(repository, ["--push"])).out).toBe(
        "Every sops file is fresh (3): nothing to do.\nPushed to refs/heads/main.\n",
      );
    });
  });
});
