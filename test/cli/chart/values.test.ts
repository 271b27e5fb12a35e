import { chmodSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SopsVault } from "../rewrap/support/sops-vault";
import { ChartProject, VALUES } from "./support/chart-project";

describe("where sopsloop chart takes values from", () => {
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

  const chart = () => readFileSync(join(project.deploy.folder, project.path("chart.yaml")), "utf8");
  const unset = Object.fromEntries(Object.keys(VALUES).map((name) => [name, undefined]));

  test("values of the chart from YAML, and from Dhall with its imports; later files win", async () => {
    project.write("prod.yaml", "replicas: 2\nmessage: from YAML\n");
    project.write("common.dhall", '{ greeting = "ünï from Dhall" }');
    project.write("prod.dhall", "let common = ./common.dhall in { message = common.greeting }");
    expect((await project.run(["--values=prod.yaml", "--values=prod.dhall"])).code).toBe(0);
    expect(chart()).toContain('replicas: "2"\n  message: "ünï from Dhall"\n');
    expect((await project.run(["--values=prod.dhall", "--values=prod.yaml"])).code).toBe(0);
    expect(chart()).toContain('message: "from YAML"\n');
  });

  test("Dhall sees the pipeline's variables, but neither a secret of the mapping nor a token", async () => {
    project.write(
      "prod.dhall",
      [
        "let seen = \\(text : Text) -> text",
        'in  { message = seen (env:BUILD as Text ? "none") ++ " "',
        '   ++ (env:DB_USER as Text ? "no secret") ++ " " ++ (env:VAULT_TOKEN as Text ? "no token") }',
      ].join("\n"),
    );
    const { code, err } = await project.run(["--values=prod.dhall"], { BUILD: "4711" });
    expect({ code, err: err.includes("failed") }).toEqual({ code: 0, err: false });
    expect(chart()).toContain('message: "4711 no secret no token"');
  });

  test("an env file gives what the environment does not, and agrees with what it does", async () => {
    project.write(
      "local.env",
      [
        "# for a developer",
        `export DB_USER=${VALUES.DB_USER}`,
        `DB_PASSWORD='it is "quoted" $HOME #1'`,
        `KEYSTORE=${VALUES.KEYSTORE}`,
        `TLS_CERT="${VALUES.TLS_CERT.replaceAll("\n", "\\n")}"`,
        `TLS_KEY="${VALUES.TLS_KEY}"`,
        "UNRELATED=1",
        "",
      ].join("\n"),
    );
    chmodSync(join(project.folder, "local.env"), 0o600);
    const { code, err } = await project.run(["--env-file=local.env"], { ...unset, DB_USER: VALUES.DB_USER });
    expect({ code, err }).toEqual({ code: 0, err: "Encrypting 2 Secrets\nWriting 4 files\n" });
    expect(project.values("secrets/database.sops.yaml")).toMatchObject({
      username: VALUES.DB_USER,
      password: 'it is "quoted" $HOME #1',
    });
    expect(project.values("secrets/edge/tls.sops.yaml")).toEqual({
      "tls.crt": VALUES.TLS_CERT,
      "tls.key": VALUES.TLS_KEY,
    });
  });

  test("an env file that others can read is told", async () => {
    project.write("local.env", "REPLICA_URL=postgres://replica-91ac\n");
    chmodSync(join(project.folder, "local.env"), 0o644);
    const { code, err } = await project.run(["--env-file=local.env"]);
    expect({ code, err: err.split("\n").at(-2) }).toEqual({
      code: 0,
      err: "sopsloop: note: local.env: others on this machine can read it; chmod 600 local.env",
    });
    expect(project.values("secrets/database.sops.yaml").replica).toBe("postgres://replica-91ac");
    expect(statSync(join(project.folder, "local.env")).mode & 0o777).toBe(0o644);
  });

  test("an optional variable adds its key when it is set, and takes it away when it is not", async () => {
    await project.run(["--commit"], { REPLICA_URL: "postgres://replica-91ac" });
    expect(Object.keys(project.values("secrets/database.sops.yaml"))).toContain("replica");
    expect((await project.run(["--commit"])).out).toContain("1 encrypted anew, 1 unchanged");
    expect(Object.keys(project.values("secrets/database.sops.yaml"))).not.toContain("replica");
  });

  test("a Secret whose variables are all optional and not set is left out", async () => {
    project.write(
      "secrets.yaml",
      "secrets:\n  - name: extra\n    keys: { url: { variable: REPLICA_URL, optional: true } }\n",
    );
    const { code, err } = await project.run();
    expect({ code, err: err.split("\n").at(-2) }).toEqual({
      code: 0,
      err: "sopsloop: note: Secret shop/extra is left out: none of its variables is set, and all are optional",
    });
    expect(project.deploy.missing(project.path("secrets"))).toBe(true);
  });

  test("a variable of GitLab's type file is read from its file, byte for byte", async () => {
    const bytes = Buffer.from([0x30, 0x82, 0, 0xff, 0x0a]);
    project.write("secret.der", bytes);
    project.write(
      "secrets.yaml",
      "secrets:\n  - name: der\n    keys: { cert.der: { variable: DER, form: file } }\n",
    );
    expect((await project.run([], { DER: "secret.der" })).code).toBe(0);
    expect(project.values("secrets/der.sops.yaml")["cert.der"]).toBe(bytes.toString("latin1"));
  });

  test("values that a shell, YAML or Flux would read in their own way arrive as they are", async () => {
    const odd = [
      "null",
      "0123",
      "yes",
      "$" + "{HOME}",
      "$(id)",
      "a: b # c",
      "'",
      '"',
      "- x",
      "ünï 😀",
      " spaced ",
    ];
    const keys = odd.map((_, index) => `      k${index}: ODD_${index}`).join("\n");
    project.write("secrets.yaml", `secrets:\n  - name: odd\n    keys:\n${keys}\n`);
    const env = Object.fromEntries(odd.map((value, index) => [`ODD_${index}`, value]));
    expect((await project.run([], env)).code).toBe(0);
    expect(Object.values(project.values("secrets/odd.sops.yaml"))).toEqual(
      expect.arrayContaining(odd.map((value) => Buffer.from(value).toString("latin1"))),
    );
  });

  test("a key as long as Kubernetes allows, which YAML writes on a line of its own", async () => {
    const key = "k".repeat(253);
    project.write("secrets.yaml", `secrets:\n  - name: long\n    keys:\n      ? ${key}\n      : DB_USER\n`);
    const { code, err } = await project.run();
    expect({ code, err }).toEqual({ code: 0, err: "Encrypting 1 Secret\nWriting 3 files\n" });
    expect(project.values("secrets/long.sops.yaml")).toEqual({ [key]: VALUES.DB_USER });
  });

  test("a chart without objects of its own still gets its Secrets", async () => {
    project.write("chart/templates/config.yaml", "");
    expect((await project.run()).out).toContain("Wrote 3 files to apps/shop (0 objects of the chart");
    expect(project.deploy.missing(project.path("chart.yaml"))).toBe(true);
    expect(project.deploy.read(project.path("kustomization.yaml"))).not.toContain("chart.yaml");
  });

  test("a chart that renders something else each time is told, since every run makes a commit", async () => {
    project.write(
      "chart/templates/salt.yaml",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: salt }\ndata: { salt: {{ randAlphaNum 8 | quote }} }\n",
    );
    expect((await project.run(["--commit"])).err).not.toContain("note:");
    const { code, err } = await project.run(["--commit"]);
    expect({ code, err: err.split("\n").at(-2) }).toEqual({
      code: 0,
      err: "sopsloop: note: the chart renders something else each time, so that every run makes a commit; look for random and time functions in its templates",
    });
  });
});
