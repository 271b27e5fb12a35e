import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { rewrapIn } from "../rewrap/support/rewrap-in";
import { SopsVault } from "../rewrap/support/sops-vault";
import { ChartProject, INTO, MAPPING, VALUES } from "./support/chart-project";

const NOTHING = "apps/shop is as it should be (1 object of the chart, 2 Secrets): nothing to do.\n";

describe("sopsloop chart into a checkout", () => {
  let vault: SopsVault;
  let project: ChartProject;

  beforeAll(async () => {
    vault = await SopsVault.start();
  });
  afterAll(() => vault.stop());
  beforeEach(async () => {
    project = await ChartProject.create(vault);
    return () => project.remove();
  });

  const head = () => project.deploy.git("rev-parse", "HEAD");
  const changedSince = (commit: string) =>
    project.deploy.git("diff", "--name-only", commit, "HEAD").split("\n");

  test("writes what helm renders, the encrypted Secrets and a kustomization.yaml", async () => {
    const { code, out, err } = await project.run();
    expect({ code, err }).toEqual({ code: 0, err: "Encrypting 2 Secrets\nWriting 4 files\n" });
    expect(out).toBe(
      "Wrote 4 files to apps/shop (1 object of the chart, 2 Secrets).\n  2 encrypted anew, 0 unchanged\n",
    );
    expect(parse(project.deploy.read("apps/shop/kustomization.yaml"))).toEqual({
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: ["chart.yaml", "secrets/database.sops.yaml", "secrets/edge/tls.sops.yaml"],
    });
    expect(project.deploy.read("apps/shop/chart.yaml")).toContain("name: shop-config\n  namespace: shop\n");
    expect(project.values("secrets/database.sops.yaml")).toEqual({
      username: VALUES.DB_USER,
      password: Buffer.from(VALUES.DB_PASSWORD).toString("latin1"),
      "keystore.p12": Buffer.from(VALUES.KEYSTORE, "base64").toString("latin1"),
    });
    expect(project.values("secrets/edge/tls.sops.yaml")).toEqual({
      "tls.crt": VALUES.TLS_CERT,
      "tls.key": VALUES.TLS_KEY,
    });
  });

  test("the Secrets' names, namespaces, types and labels stay readable, and only values are encrypted", async () => {
    await project.run();
    const { sops, data, ...readable } = parse(
      project.deploy.read(project.path("secrets/edge/tls.sops.yaml")),
    );
    expect(readable).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "tls", namespace: "edge" },
      type: "kubernetes.io/tls",
    });
    for (const value of Object.values(data)) expect(value).toMatch(/^ENC\[AES256_GCM,data:/);
    expect(sops.hc_vault).toHaveLength(1);
    const database = parse(project.deploy.read(project.path("secrets/database.sops.yaml")));
    expect(database.metadata).toEqual({
      name: "database",
      namespace: "shop",
      labels: { "app.kubernetes.io/name": "shop" },
    });
  });

  test("nothing is written where nothing has changed, and a changed value changes one file", async () => {
    await project.run(["--commit"]);
    const before = head();
    expect(await project.run(["--commit"])).toEqual({ code: 0, out: NOTHING, err: "" });
    expect(head()).toBe(before);
    const changed = await project.run(["--commit"], { DB_USER: "shop-db-user-other" });
    expect(changed.out).toContain("1 encrypted anew, 1 unchanged");
    expect(changedSince(before)).toEqual(["apps/shop/secrets/database.sops.yaml"]);
    expect(project.values("secrets/database.sops.yaml").username).toBe("shop-db-user-other");
  });

  test("a rotated key, a rewrap and a new Secret leave what is unchanged as it is", async () => {
    await project.run(["--commit"]);
    await vault.rotate();
    expect((await project.run(["--commit"])).out).toBe(NOTHING);
    const rewrapped = await rewrapIn(project.deploy, ["--commit"]);
    expect(rewrapped.out).toContain("Changed 2 of 2 sops files");
    const before = head();
    expect((await project.run(["--commit"])).out).toBe(NOTHING);
    expect(head()).toBe(before);
    project.write("secrets.yaml", `${MAPPING}  - name: extra\n    keys: { token: DB_USER }\n`);
    expect((await project.run(["--commit"])).out).toContain("1 encrypted anew, 2 unchanged");
    expect((await project.run(["--commit"])).out).toContain("nothing to do");
  });

  test("what somebody else changed in an encrypted file is made anew, since the digest is of the whole file", async () => {
    await project.run(["--commit"]);
    const path = project.path("secrets/database.sops.yaml");
    project.deploy.write(path, project.deploy.read(path).replace("name: database", "name: another"));
    project.deploy.commitAll("By hand");
    expect((await project.run()).out).toContain("1 encrypted anew, 1 unchanged");
    expect(project.deploy.read(path)).toContain("name: database");
  });

  test("the digest that lies with the file is keyed by Vault, and another one after each encryption", async () => {
    await project.run(["--commit"]);
    const digest = () =>
      /^# sopsloop-digest: \S+ (vault:v\d+:\S+)$/m.exec(
        project.deploy.read(project.path("secrets/database.sops.yaml")),
      )?.[1];
    const first = digest();
    expect(first).toMatch(/^vault:v\d+:[A-Za-z0-9+/]{43}=$/);
    await project.run(["--commit"], { DB_USER: "shop-db-user-other" });
    await project.run(["--commit"]);
    expect(digest()).toMatch(/^vault:v\d+:/);
    expect(digest()).not.toBe(first);
  });

  test("a Secret that is no longer declared goes, with its folder; files of others stay", async () => {
    await project.run(["--commit"]);
    project.deploy.write(project.path("README.md"), "Ours\n");
    project.deploy.write(project.path("patch.yaml"), "kind: Patch\n");
    project.deploy.commitAll("Ours");
    const before = head();
    project.write("secrets.yaml", MAPPING.slice(0, MAPPING.indexOf("  - name: tls")));
    const { out } = await project.run(["--commit"]);
    expect(out).toContain("Wrote 1 file to apps/shop, removed 1 (1 object of the chart, 1 Secret).");
    expect(changedSince(before)).toEqual([
      "apps/shop/kustomization.yaml",
      "apps/shop/secrets/edge/tls.sops.yaml",
    ]);
    expect(project.deploy.missing(project.path("secrets/edge"))).toBe(true);
    expect(project.deploy.read(project.path("README.md"))).toBe("Ours\n");
    expect(project.deploy.status()).toBe("");
  });

  test("a chart below another chart's folder is left alone", async () => {
    const inner = `--into=${project.deploy.folder}/${INTO}/inner`;
    await project.call([inner, "--namespace=shop"]);
    await project.run(["--commit"]);
    expect(project.deploy.status()).toBe("?? apps/shop/inner/");
    const { out } = await project.call([inner, "--namespace=shop", "--commit"]);
    expect(out).toContain("Wrote 4 files to apps/shop/inner");
    expect((await project.run(["--commit"])).out).toBe(NOTHING);
    expect(project.deploy.status()).toBe("");
  });

  test("--commit makes one commit with just its own files, and keeps other changes", async () => {
    project.deploy.write("notes.txt", "one\n");
    project.deploy.commitAll("Notes");
    project.deploy.write("notes.txt", "two\n");
    const { out } = await project.run(["--commit", "--release=shop-blue"]);
    expect(out).toMatch(/\nCommitted [0-9a-f]{10}\.\n$/);
    expect(project.deploy.git("log", "-1", "--format=%B")).toBe(
      "Chart shop-blue: 4 files\n\nRendered by helm; 2 Secrets encrypted anew by sops\n\nSopsloop-Chart: apps/shop",
    );
    expect(project.deploy.status()).toBe(" M notes.txt");
    expect(project.deploy.read(project.path("chart.yaml"))).toContain("name: shop-blue-config");
  });

  test("what an earlier run left uncommitted is made again and committed", async () => {
    await project.run();
    const { code, out, err } = await project.run(["--commit"]);
    expect({ code, committed: out.includes("Committed ") }).toEqual({ code: 0, committed: true });
    expect(err).toContain("sopsloop: note: apps/shop/chart.yaml, ");
    expect(project.deploy.status()).toBe("");
  });

  test("--dry-run tells what would change, and changes nothing", async () => {
    const first = await project.run(["--dry-run"]);
    expect(first).toEqual({
      code: 0,
      out: "Would write 4 files to apps/shop (1 object of the chart, 2 Secrets).\n  2 encrypted anew, 0 unchanged\n",
      err: "",
    });
    expect(project.deploy.missing("apps")).toBe(true);
    await project.run(["--commit"]);
    const before = head();
    const { out } = await project.run(["--dry-run", "--push"], { DB_USER: "shop-db-user-other" });
    expect(out).toContain("Would write 1 file to apps/shop");
    expect([head(), project.deploy.status()]).toEqual([before, ""]);
  });

  test("--json tells all of it", async () => {
    const outcome = JSON.parse((await project.run(["--json", "--push"])).out);
    expect(outcome).toEqual({
      schema: "sopsloop.chart/1",
      dryRun: false,
      folder: "apps/shop",
      objects: 1,
      secrets: { total: 2, encrypted: 2, unchanged: 0 },
      written: [
        "apps/shop/chart.yaml",
        "apps/shop/kustomization.yaml",
        "apps/shop/secrets/database.sops.yaml",
        "apps/shop/secrets/edge/tls.sops.yaml",
      ],
      removed: [],
      notes: [],
      commit: head(),
      pushed: { ref: "refs/heads/main", tries: 1 },
    });
  });

  test("the repository's own root may be the chart's folder", async () => {
    const { code, out } = await project.call([
      `--into=${project.deploy.folder}`,
      "--release=shop",
      "--namespace=shop",
      "--commit",
    ]);
    expect({ code, where: out.split(" (")[0] }).toEqual({
      code: 0,
      where: "Wrote 4 files to the repository's root",
    });
    expect(project.deploy.git("log", "-1", "--format=%(trailers)")).toBe("Sopsloop-Chart: .");
    expect(project.deploy.decrypt("secrets/edge/tls.sops.yaml")).toContain("name: tls");
  });

  test("the nearest .sops.yaml above a file is the one that counts", async () => {
    await vault.newKey("shop");
    project.deploy.write(
      "apps/.sops.yaml",
      JSON.stringify({
        creation_rules: [
          {
            path_regex: "^shop/secrets/.*\\.yaml$",
            encrypted_regex: "^data$",
            hc_vault_transit_uri: vault.keyUri("shop"),
          },
        ],
      }),
    );
    project.deploy.commitAll("Rules of their own");
    const { code, err } = await project.run([], { VAULT_TOKEN: vault.rootToken });
    expect({ code, err }).toEqual({ code: 0, err: "Encrypting 2 Secrets\nWriting 4 files\n" });
    const { sops } = parse(project.deploy.read(project.path("secrets/database.sops.yaml")));
    expect(sops).toMatchObject({ hc_vault: [{ key_name: "shop" }], encrypted_regex: "^data$" });
    expect((await project.run([], { VAULT_TOKEN: vault.rootToken })).out).toBe(NOTHING);
  });

  test("a changed rule makes every file under it anew", async () => {
    await project.run(["--commit"]);
    const rules = project.deploy.read(".sops.yaml");
    project.deploy.write(".sops.yaml", rules.replace("^(data|stringData)$", "^data$"));
    project.deploy.commitAll("Another rule");
    expect((await project.run(["--commit"])).out).toContain("2 encrypted anew, 0 unchanged");
    expect((await project.run(["--commit"])).out).toBe(NOTHING);
  });
});
