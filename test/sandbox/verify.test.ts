import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { Row } from "../../cli/verify/probe";
import { until } from "../../sandbox/processes/until";
import { KUSTOMIZATION, VerifiedLoop } from "./support/verified-loop";

let it: VerifiedLoop;

beforeAll(async () => {
  it = await VerifiedLoop.start("verify");
});
afterAll(() => it?.stop());

describe("a loop that holds", () => {
  test("every row is ok, and exit code 0", async () => {
    const { code, rows } = await it.verify();
    expect(rows.filter(({ result }) => result !== "ok")).toEqual([]);
    expect(rows.map(({ id }) => id)).toEqual([
      "vault",
      "token",
      "cluster",
      "mount",
      "key",
      "policies",
      "roles",
      "reviewer",
      "api-server-ca",
      "login",
      "wrong-audience",
      "capabilities",
      "round-trip",
      "controller",
      "vault-config",
      "sops-config",
      "vault-ca",
      "token-request",
      "network-policies",
      "kustomizations",
      "audit-device",
    ]);
    expect(code).toBe(0);
  });

  test("people get the same rows as lines, from the stack itself", async () => {
    const { file, args, options } = it.stack.command("stack", "output");
    expect(file).toBe("pulumi");
    const selected = args.find((word) => word.startsWith("--stack=")) ?? "";
    const { code, stdout } = await it.loop.as(
      {},
      "sh",
      "-c",
      `cd '${options.cwd}' && exec sopsloop verify ${selected}`,
    );
    expect(stdout.split("\n").at(0)).toMatch(/^✓ Vault answers and is unsealed: https:\/\/127\.0\.0\.1:/);
    expect(stdout.trim().split("\n").at(-1)).toBe("21 ok, 0 failed, 0 skipped");
    expect(code).toBe(0);
  });
});

describe("who looks", () => {
  test("the deployer's token, with the two rights more that the docs name, sees everything", async () => {
    const own = readFileSync(join(__dirname, "..", "..", "docs", "deployer-policy.hcl"), "utf8");
    const more = ["sys/capabilities", "transit/encrypt/sops"].map(
      (path) => `path "${path}" { capabilities = ["update"] }\n`,
    );
    await it.vault("PUT", "sys/policies/acl/deployer", { policy: [own, ...more].join("\n") });
    const seen = await it.verify([], { VAULT_TOKEN: await it.tokenWith("deployer") });
    expect(seen.rows.filter(({ result }) => result !== "ok")).toEqual([]);
  });

  test("a pipeline's token: what it may not look at is skipped and says so, all else is looked at", async () => {
    const seen = await it.verify([], { VAULT_TOKEN: await it.tokenWith("sops-pipeline") });
    expect(seen.with("failed")).toEqual([]);
    const skipped = ["mount", "key", "policies", "roles", "reviewer", "api-server-ca", "capabilities"];
    expect(seen.with("skipped")).toEqual([...skipped, "audit-device"]);
    expect(seen.rows.find(({ id }) => id === "policies")?.why).toBe(
      "this token may not read sys/policies/acl/flux-sops-policy; give it that, or run this as the deployer",
    );
    expect(seen.rows.find(({ id }) => id === "round-trip")?.result).toBe("ok");
    expect(seen.code).toBe(0);
  });

  test("a token that may not encrypt still finds out that the roles may decrypt", async () => {
    const { rows } = await it.verify([], { VAULT_TOKEN: await it.tokenWith("sops-status") });
    expect(rows.find(({ id }) => id === "round-trip")).toMatchObject({
      result: "skipped",
      why: expect.stringContaining("the roles may decrypt"),
    });
  });

  test("a token that Vault does not know is a fault, and not a list of skipped rows", async () => {
    const { code, rows, ...seen } = await it.verify([], { VAULT_TOKEN: "hvs.expired" });
    expect(seen.with("failed")).toEqual(["token"]);
    expect(rows[1]).toMatchObject({
      why: "VAULT_TOKEN (or ~/.vault-token) has expired, or is of another Vault",
      next: "vault login",
    });
    expect(code).toBe(1);
  });

  test("somebody who may do nothing in the cluster: skipped, with kubectl's reason", async () => {
    const kubeconfig = join(it.loop.layout.root, "nobody.kubeconfig");
    const token = (await it.kubectl("create", "token", "default", "--namespace=default")).trim();
    const own = parse(readFileSync(it.loop.layout.kubernetes.kubeconfig, "utf8")) as { users: object[] };
    own.users = own.users.map((user) => ({ ...user, user: { token } }));
    writeFileSync(kubeconfig, stringify(own), { mode: 0o600 });
    const seen = await it.verify([], { KUBECONFIG: kubeconfig });
    expect(seen.with("failed")).toEqual([]);
    expect(seen.rows.find(({ id }) => id === "controller")).toMatchObject({
      result: "skipped",
      why: expect.stringMatching(/deployments.* is forbidden/),
    });
    expect(seen.with("skipped")).toContain("login");
  });

  test("a cluster that is not there fails one row, which explains the others", async () => {
    const seen = await it.verify([], { KUBECONFIG: "/nowhere" });
    expect(seen.with("failed")).toEqual(["cluster"]);
    expect(seen.rows.find(({ id }) => id === "kustomizations")?.why).toBe(
      'needs "The API server answers", which failed',
    );
  });

  test("a Vault that is not there", async () => {
    const outputs = JSON.parse(readFileSync(it.outputs, "utf8")) as Record<string, unknown>;
    const file = join(it.loop.layout.root, "elsewhere.json");
    writeFileSync(file, JSON.stringify({ ...outputs, vaultAddress: "https://127.0.0.1:1" }));
    const env = { VAULT_ADDR: "https://127.0.0.1:1", VAULT_MAX_RETRIES: "0" };
    const { rows } = await it.verify(["--outputs", file], env);
    expect(rows[0]).toMatchObject({
      result: "failed",
      why: expect.stringMatching(/cannot be reached \(ECONNREFUSED\)/),
      next: "vault status -address=https://127.0.0.1:1",
    });
  });
});

describe("--end-to-end", () => {
  const nothingIsLeft = async () => {
    expect((await it.files()).filter((file) => file.includes("sopsloop-verify"))).toEqual([]);
    expect((await it.secrets()).filter((name) => name.includes("sopsloop-verify"))).toEqual([]);
  };

  test("a new secret goes around the loop, and nothing of it stays", async () => {
    const { code, rows } = await it.verify(["--end-to-end"]);
    expect(rows.at(-1)).toMatchObject({ id: "end-to-end", result: "ok" });
    expect(code).toBe(0);
    await nothingIsLeft();
  });

  test("where a kustomization.yaml lists what is applied, it is listed, and the list is left as it was", async () => {
    const list = "# ours\nresources:\n  # the proof\n  - proof.sops.yaml\n";
    await it.commit("A list", (clone) => clone.write("apps/kustomization.yaml", list));
    const { rows } = await it.verify(["--end-to-end"]);
    expect(rows.at(-1)).toMatchObject({ id: "end-to-end", result: "ok" });
    await it.commit("No list", (clone) => {
      expect(clone.read("apps/kustomization.yaml")).toBe(list);
      clone.remove("apps/kustomization.yaml");
    });
    await nothingIsLeft();
  });

  test("where Flux does not prune, the Secret is taken away all the same", async () => {
    await it.patch(KUSTOMIZATION, "apps", { spec: { prune: false } });
    const { rows } = await it.verify(["--end-to-end"]);
    expect(rows.at(-1)).toMatchObject({ id: "end-to-end", result: "ok" });
    await nothingIsLeft();
    await it.patch(KUSTOMIZATION, "apps", { spec: { prune: true } });
  });

  test("a branch that takes no pushes: git's reason, and nothing is changed", async () => {
    const hook = join(it.loop.layout.git.repository, "hooks", "pre-receive");
    writeFileSync(hook, "#!/bin/sh\necho 'this branch is protected' >&2\nexit 1\n", { mode: 0o755 });
    try {
      const { rows } = await it.verify(["--end-to-end"]);
      expect(rows.at(-1)).toMatchObject({
        result: "failed",
        why: expect.stringMatching(/^git push to main is refused: .*this branch is protected/),
      });
    } finally {
      rmSync(hook);
    }
    await nothingIsLeft();
  });

  /** Interrupts a run once its secret is in the repository. Resolves with its last row. */
  async function interrupted(signal: NodeJS.Signals): Promise<Row | undefined> {
    const child = spawn("sopsloop", it.command("--end-to-end"), { env: { ...it.loop.env } });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const pushed = async () =>
      (await it.files()).some((file) => file.includes("sopsloop-verify")) ? true : undefined;
    await until(pushed, { what: "the test secret to be pushed", timeoutMs: 60_000, pauseMs: 50 });
    child.kill(signal);
    expect(await ended).toBe(1);
    return (JSON.parse(said) as { rows: readonly Row[] }).rows.at(-1);
  }

  const INTERRUPTED = {
    id: "end-to-end",
    result: "failed",
    why: "interrupted; the test secret is taken out again",
  };

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s while it is on its way: all is taken back",
    async (signal) => {
      expect(await interrupted(signal)).toMatchObject(INTERRUPTED);
      await nothingIsLeft();
    },
  );

  test("the same where Flux does not come to fetch it", async () => {
    const source = "gitrepository.source.toolkit.fluxcd.io";
    await it.patch(source, "deploy", { spec: { suspend: true } });
    expect(await interrupted("SIGINT")).toMatchObject(INTERRUPTED);
    await it.patch(source, "deploy", { spec: { suspend: false } });
    await nothingIsLeft();
  });
});

describe("wrong usage", () => {
  test.each([
    [
      "a file that is not there",
      ["--outputs", "/nowhere"],
      "sopsloop: --outputs /nowhere: cannot be read (ENOENT); name a file\n",
    ],
    [
      "outputs of another program",
      ["--outputs", "package.json"],
      "sopsloop: package.json: has no usable vaultAddress; is it a stack of sopsloop, and has pulumi up run?\n",
    ],
  ])("%s", async (_name, words, line) => {
    const { code, stderr } = await it.loop.as({}, "sopsloop", "verify", ...words);
    expect({ code, stderr }).toEqual({ code: 2, stderr: line });
  });

  test("a token for another Vault than the stack's is not sent there", async () => {
    const env = { VAULT_ADDR: "https://vault.example.com:8200" };
    const { code, stderr } = await it.loop.as(env, "sopsloop", ...it.command());
    expect(stderr).toMatch(
      /^sopsloop: the stack's Vault is https:\/\/127\.0\.0\.1:\d+, which VAULT_ADDR is not/,
    );
    expect(code).toBe(2);
  });
});
