import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run, tryRun } from "../../sandbox/processes/run";
import { DEV_PORTS } from "../../sandbox/servers/layout";

const CHECKOUT = join(__dirname, "..", "..");

/** Pulumi.dev.yaml names the ports, so only one sandbox of that kind can run on a machine. */
function taken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}

const busy = (await Promise.all(Object.values(DEV_PORTS).map(taken))).some(Boolean);
const why = busy ? " (skipped: a sandbox runs on the ports of Pulumi.dev.yaml; `make down` first)" : "";

describe.skipIf(busy)(`the commands, in a copy of the checkout${why}`, () => {
  let copy: string;
  const make = (...words: string[]) => tryRun("make", ["-s", ...words], { cwd: copy });
  const shell = (script: string) => run("bash", ["-euc", script], { cwd: copy });

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "sopsloop-copy-"));
    const listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    const files = execFileSync("git", listed, { cwd: CHECKOUT, encoding: "utf8" }).split("\0");
    for (const file of files.filter((name) => name !== "" && existsSync(join(CHECKOUT, name)))) {
      cpSync(join(CHECKOUT, file), join(copy, file), { preserveTimestamps: true });
    }
    symlinkSync(join(CHECKOUT, "node_modules"), join(copy, "node_modules"));
  });
  afterAll(async () => {
    await make("down");
    rmSync(copy, { recursive: true, force: true });
  });

  test("`make up` proves the loop, and says what to try next", async () => {
    const { code, stdout, stderr } = await make("up");
    expect(code, stderr).toBe(0);
    for (const line of [
      /✓ sops encrypted .* with a data key wrapped by Vault/,
      /✓ Flux applied Secret default\/proof .* byte for byte/,
      /✓ Vault's audit log: login at auth\/kubernetes\/login with role flux-system_kustomize-controller/,
      /✓ Vault down: Flux decrypted a new secret by the key in Azure/,
      /✓ the key in Key Vault rotated; Flux applied the rewrapped files .* after that/,
      /✓ {3}\+ .* relay: told by Event Grid, started pipeline \d+/,
      /✓ {3}\+ .* sopsloop retire --disable: version \w+ is disabled/,
    ]) {
      expect(stdout).toMatch(line);
    }
    expect(stdout).toContain('eval "$(make -s env)"');
  });

  test("again: nothing is made anew", async () => {
    const { code, stdout, stderr } = await make("up");
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/\d+ unchanged/);
    expect(stdout).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
  });

  test("`make env` leads plain tools into the sandbox", async () => {
    const said = await shell(`eval "$(make -s env)"
      pulumi preview --stack dev --expect-no-changes > preview.log
      vault policy read sops-flux-decrypt
      kubectl --namespace flux-system get kustomizations --output name
      git ls-remote --heads "$DEPLOY_REPO_URL"
      sops --version`);
    expect(said).toContain('path "transit/decrypt/sops"');
    expect(said).toContain("kustomization.kustomize.toolkit.fluxcd.io/apps");
    expect(said).toContain("refs/heads/main");
    expect(said).toContain("sops 3.");
  });

  test("`make rotate` shows what a new version of the key in Azure sets off", async () => {
    const { code, stdout, stderr } = await make("rotate");
    expect(code, stderr).toBe(0);
    const lines = stdout.split("\n").filter((line) => line.startsWith("+"));
    expect(lines[0]).toMatch(/^\+ {2}0\.0 s {2}Key Vault: version \w+ of sops is current, \w+ was$/);
    expect(lines.at(-1)).toMatch(/sopsloop retire --disable: version \w+ is disabled$/);
    expect(stdout).toMatch(
      /\nfrom the rotation to files that Flux has applied: [\d.]+ s \(15 s at most: (met|missed)\)\n/,
    );
  });

  test("the committed stack file is as it was", () => {
    const file = "Pulumi.dev.yaml";
    expect(readFileSync(join(copy, file), "utf8")).toBe(readFileSync(join(CHECKOUT, file), "utf8"));
  });

  test("`make status` and `make down` tell the truth", async () => {
    expect((await make("status")).code).toBe(0);
    expect((await make("down")).code).toBe(0);
    expect((await make("status")).code).not.toBe(0);
    expect((await Promise.all(Object.values(DEV_PORTS).map(taken))).some(Boolean)).toBe(false);
  });
});
