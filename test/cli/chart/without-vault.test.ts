import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { SopsRepository } from "../rewrap/support/sops-repository";
import { ChartProject, VALUES } from "./support/chart-project";

describe("sopsloop chart in a repository of age keys", () => {
  let project: ChartProject;
  let identity: string;

  beforeEach(() => {
    const text = execFileSync("age-keygen", { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    identity = /^AGE-SECRET-KEY-\S+$/m.exec(text)?.[0] ?? "";
    const recipient = /age1\S+/.exec(text)?.[0] ?? "";
    const rule = { path_regex: "\\.sops\\.yaml$", encrypted_regex: "^(data|stringData)$", age: recipient };
    const deploy = SopsRepository.create({ SOPS_AGE_KEY: identity });
    project = ChartProject.in(deploy, JSON.stringify({ creation_rules: [rule] }), {
      SOPS_AGE_KEY: undefined,
    });
    return () => project.remove();
  });

  const NOTHING = "nothing to do";

  test("with a key of the caller's own for digests nothing is encrypted twice", async () => {
    const key = { SOPSLOOP_DIGEST_KEY: randomBytes(32).toString("base64") };
    await project.run(["--commit"], key);
    expect(project.deploy.read(project.path("secrets/database.sops.yaml"))).toMatch(
      /^# sopsloop-digest: \S{22} key:[A-Za-z0-9+/]{43}=$/m,
    );
    expect(await project.run(["--commit"], key)).toMatchObject({
      code: 0,
      out: expect.stringContaining(NOTHING),
      err: "",
    });
    const changed = await project.run(["--commit"], { ...key, DB_USER: "shop-db-user-other" });
    expect(changed.out).toContain("1 encrypted anew, 1 unchanged");
    const other = { SOPSLOOP_DIGEST_KEY: randomBytes(32).toString("base64") };
    expect((await project.run(["--commit"], other)).out).toContain("2 encrypted anew, 0 unchanged");
  });

  test("without one, an identity that may decrypt tells what is unchanged", async () => {
    const decrypting = { SOPS_AGE_KEY: identity };
    await project.run(["--commit"], decrypting);
    expect(await project.run(["--commit"], decrypting)).toMatchObject({
      code: 0,
      out: expect.stringContaining(NOTHING),
      err: "",
    });
    const changed = await project.run(["--commit"], { ...decrypting, TLS_KEY: VALUES.TLS_CERT });
    expect(changed.out).toContain("1 encrypted anew, 1 unchanged");
  });

  test("with neither, everything is encrypted anew, and it says how to mend that", async () => {
    await project.run(["--commit"]);
    const { code, out, err } = await project.run(["--commit"]);
    expect({
      code,
      anew: out.includes("2 encrypted anew, 0 unchanged"),
      note: err.split("\n").at(-2),
    }).toEqual({
      code: 0,
      anew: true,
      note: "sopsloop: note: 2 Secrets encrypted anew, since nothing here tells whether they changed; set SOPSLOOP_DIGEST_KEY to a key of your own (openssl rand -base64 32), or let this identity decrypt",
    });
  });

  test.each(["short", "c2hvcnQ=", "%".repeat(64)])(
    "a digest key that could be guessed is refused",
    async (key) => {
      const { code, err } = await project.run([], { SOPSLOOP_DIGEST_KEY: key });
      expect({ code, err }).toEqual({
        code: 2,
        err: "sopsloop: SOPSLOOP_DIGEST_KEY has to be base64 of 32 random bytes or more; make one by: openssl rand -base64 32\n",
      });
      expect(project.deploy.status()).toBe("");
    },
  );
});
