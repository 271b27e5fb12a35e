import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { MoodyProxy } from "../rewrap/support/moody-proxy";
import { SopsRepository } from "../rewrap/support/sops-repository";
import { SopsVault } from "../rewrap/support/sops-vault";
import { ChartProject, INTO, MAPPING, ruleFor } from "./support/chart-project";
import { WatchedTools } from "./support/watched-tools";

/** Longer than any test: whoever waits for it to end by itself fails. */
const FOR_EVER = "exec sleep 1000";

describe("helm renders while the rest goes on", () => {
  let vault: SopsVault;
  let proxy: MoodyProxy;
  let project: ChartProject;
  let tools: WatchedTools;

  beforeAll(async () => {
    vault = await SopsVault.start();
    proxy = await MoodyProxy.before(vault);
  });
  afterAll(async () => {
    proxy.stop();
    await vault.stop();
  });
  beforeEach(async () => {
    const access = { ...vault.env(), VAULT_ADDR: proxy.address, VAULT_CACERT: proxy.ca };
    const rules = ruleFor(vault).replace(vault.address, proxy.address);
    project = ChartProject.in(SopsRepository.create(vault.env()), rules, access);
    tools = WatchedTools.create([], []);
    expect((await project.run(["--commit"])).code).toBe(0);
    return () => {
      proxy.always = undefined;
      project.remove();
      tools.remove();
    };
  });

  const pidFile = () => join(project.folder, "helm.pid");
  const gate = () => join(project.folder, "gate");
  /** @param script what helm does after it has told its process. */
  const helm = (script: string) => {
    tools.replace("helm", `echo $$ > '${pidFile()}'; ${script}`);
    return { PATH: `${tools.path}:${project.env.PATH}` };
  };
  /** Ended early, it may not have told its process yet. */
  const isRunning = () => {
    const pid = existsSync(pidFile()) ? readFileSync(pidFile(), "utf8").trim() : "";
    return pid !== "" && existsSync(`/proc/${pid}`);
  };
  const patiently = { timeout: 60_000, interval: 20 };
  /** Fails when it is let go on. */
  const failing = () =>
    helm(`while [ ! -e '${gate()}' ]; do sleep 0.02; done; echo 'Error: no image is set' >&2; exit 1`);
  /** Vault is asked, helm fails, and only then Vault answers. */
  const betweenQuestionAndAnswer = async () => {
    writeFileSync(gate(), "");
    await vi.waitUntil(() => !isRunning(), patiently);
  };
  const REFUSED = "sopsloop: helm template chart failed: no image is set\n";

  test("a chart that is refused while Vault is asked gives its one line, and nothing is written", async () => {
    proxy.always = { after: betweenQuestionAndAnswer };
    const env = { ...failing(), DB_USER: "another-user" };
    expect(await project.run([], env)).toEqual({ code: 1, out: "", err: REFUSED });
    expect(existsSync(gate())).toBe(true);
    expect(project.deploy.status()).toBe("");
  });

  test("it is told alone, whatever else went wrong meanwhile", async () => {
    proxy.always = { status: 403 };
    writeFileSync(gate(), "");
    expect(await project.run([], failing())).toEqual({ code: 1, out: "", err: REFUSED });
  });

  test("Vault's refusal is told where the chart is right", async () => {
    proxy.always = { status: 403 };
    const { code, err } = await project.run();
    expect(code).toBe(1);
    expect(err).toMatch(/^sopsloop: Vault at .* transit\/hmac\/sops.*\n$/);
  });

  test("a refused chart leaves what a commit would first put back", async () => {
    const edited = `${project.deploy.read(project.path("chart.yaml"))}# mine\n`;
    project.deploy.write(project.path("chart.yaml"), edited);
    writeFileSync(gate(), "");
    for (const word of ["--commit", "--push"])
      expect(await project.run([word], failing())).toEqual({ code: 1, out: "", err: REFUSED });
    expect(project.deploy.read(project.path("chart.yaml"))).toBe(edited);
  });

  test("a chart with a value of a Secret in it is refused before anything is written, though it is known late", async () => {
    project.write("leak.yaml", `message: ${project.env.DB_USER}\n`);
    const { code, out, err } = await project.run(["--values=leak.yaml"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^sopsloop: chart: renders the value of key username of Secret shop\/database .*\n$/);
    expect(project.deploy.status()).toBe("");
  });

  test("faults of the chart and of the folder are told together", async () => {
    project.write("leak.yaml", `message: ${project.env.DB_USER}\n`);
    project.deploy.write(project.path("secrets/edge/other.txt"), "");
    project.deploy.write(`${INTO}/secrets/edge/tls.sops.yaml`, "kind: Secret\n");
    const { code, err } = await project.run(["--values=leak.yaml"]);
    expect(code).toBe(1);
    expect(err.split("\n")).toEqual([
      expect.stringContaining("chart: renders the value of key username"),
      expect.stringContaining("tls.sops.yaml: is there already and was not written by sopsloop chart"),
      "",
    ]);
  });

  test.each([
    ["a mapping that is refused", { mapping: MAPPING.replace("name: database", "name: Database") }, 2],
    ["a variable that is not set", { env: { DB_USER: undefined } }, 1],
  ] as const)("helm is ended after %s", async (_, given: { mapping?: string; env?: object }, code) => {
    if (given.mapping !== undefined) project.write("secrets.yaml", given.mapping);
    const env = helm(FOR_EVER);
    expect((await project.run([], { ...env, ...given.env })).code).toBe(code);
    expect(isRunning()).toBe(false);
  });
});
