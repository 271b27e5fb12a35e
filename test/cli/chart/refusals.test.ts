import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SopsVault } from "../rewrap/support/sops-vault";
import { ChartProject, INTO, MAPPING, type Ran, ruleFor } from "./support/chart-project";

describe("sopsloop chart refuses", () => {
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

  /** Its lines on stderr; nothing was written. */
  function linesOf({ code, out, err }: Ran, expected: 1 | 2): string[] {
    expect({ code, out }).toEqual({ code: expected, out: "" });
    expect(project.deploy.status()).toBe("");
    expect(project.deploy.missing("apps")).toBe(true);
    return err.split("\n").flatMap((line) => (line.startsWith("sopsloop: ") ? [line.slice(10)] : []));
  }

  const AT_DATABASE = "secrets.yaml:2: Secret shop/database";
  const AT_TLS = "secrets.yaml:9: Secret edge/tls";

  test.each([
    [
      "a variable that is not set",
      { DB_USER: undefined },
      [`${AT_DATABASE}, key username: DB_USER is not set; set it, or declare the key as optional: true`],
    ],
    [
      "an empty one",
      { DB_PASSWORD: "" },
      [`${AT_DATABASE}, key password: DB_PASSWORD is set, but empty; give it a value, or unset it`],
    ],
    [
      "an optional one that is empty",
      { REPLICA_URL: "" },
      [`${AT_DATABASE}, key replica: REPLICA_URL is set, but empty; give it a value, or unset it`],
    ],
    [
      "several lines where one is declared",
      { DB_PASSWORD: "one\ntwo\nthree\n" },
      [
        `${AT_DATABASE}, key password: DB_PASSWORD holds 3 lines where one is declared; if that is right, declare it with form: lines`,
      ],
    ],
    [
      "a line end that came along",
      { DB_PASSWORD: "one\n" },
      [
        `${AT_DATABASE}, key password: DB_PASSWORD ends in a line end; take it off, or declare it with form: lines to keep it`,
      ],
    ],
    [
      "what is not base64",
      { KEYSTORE: "not base64!" },
      [`${AT_DATABASE}, key keystore.p12: KEYSTORE is not base64; make it by: base64 -w0 <file>`],
    ],
    [
      "what sops has encrypted already",
      { DB_PASSWORD: "ENC[AES256_GCM,data:aGk=,iv:aGk=,tag:aGk=,type:str]" },
      [
        `${AT_DATABASE}, key password: DB_PASSWORD holds a value that sops encrypted; give it the value itself, which is encrypted here`,
      ],
    ],
    [
      "what age has encrypted already",
      { TLS_KEY: "-----BEGIN AGE ENCRYPTED FILE-----\naGk=\n" },
      [
        `${AT_TLS}, key tls.key: TLS_KEY holds a file that age encrypted; give it the value itself, which is encrypted here`,
      ],
    ],
    [
      "all of them at once",
      { DB_USER: undefined, TLS_CERT: "" },
      [
        `${AT_DATABASE}, key username: DB_USER is not set; set it, or declare the key as optional: true`,
        `${AT_TLS}, key tls.crt: TLS_CERT is set, but empty; give it a value, or unset it`,
      ],
    ],
  ] as const)("%s", async (_, env, lines) => {
    expect(linesOf(await project.run([], env), 1)).toEqual(lines);
  });

  test.each([
    [
      "two Secrets of one name",
      `${MAPPING}  - name: database\n    keys: { a: DB_USER }\n`,
      ["secrets.yaml:15: Secret shop/database is declared at secrets.yaml:2 already; join the two"],
    ],
    [
      "two that would lie in one file",
      `${MAPPING}  - name: other\n    file: secrets/database.sops.yaml\n    keys: { a: DB_USER }\n`,
      [
        "secrets.yaml:15: Secret shop/other would be written to secrets/database.sops.yaml, as the one at secrets.yaml:2; give one of them another file",
      ],
    ],
    [
      "an invalid key",
      "secrets:\n  - name: a\n    keys:\n      user name: DB_USER\n",
      [
        "secrets.yaml:4: secrets[0].keys.user name: is no key of a Secret: letters, digits, -, _ and . only, at most 253; see docs/chart.md",
      ],
    ],
    [
      "a type without the keys it needs",
      "secrets:\n  - name: a\n    type: kubernetes.io/tls\n    keys: { tls.crt: DB_USER }\n",
      [
        "secrets.yaml:4: secrets[0].keys: type kubernetes.io/tls needs tls.key, and not optional; see docs/chart.md",
      ],
    ],
    ["what is not YAML", "secrets: [\n", [expect.stringMatching(/^secrets\.yaml:2: not YAML: /)]],
  ] as const)("a mapping with %s", async (_, mapping, lines) => {
    project.write("secrets.yaml", mapping);
    expect(linesOf(await project.run(), 2)).toEqual(lines);
  });

  test("a docker config that is no JSON, without quoting it", async () => {
    project.write(
      "secrets.yaml",
      "secrets:\n  - name: pull\n    type: kubernetes.io/dockerconfigjson\n    keys: { .dockerconfigjson: DB_PASSWORD }\n",
    );
    expect(linesOf(await project.run(), 1)).toEqual([
      "secrets.yaml:2: Secret shop/pull, key .dockerconfigjson: its value is no JSON object, which type kubernetes.io/dockerconfigjson needs",
    ]);
  });

  test("an env file that a shell would read in another way, or that differs from the environment", async () => {
    project.write("local.env", "DB_USER=another-user\nDB_PASSWORD=two words\nno assignment\nA='x\n");
    expect(linesOf(await project.run(["--env-file=local.env"]), 1)).toEqual([
      "local.env:2: DB_PASSWORD holds a space, a quote, # or another character that a shell reads in its own way, or its quote is not closed; put the value into single quotes",
      "local.env:3: no NAME=value; begin a remark with #",
      "local.env:4: A holds a space, a quote, # or another character that a shell reads in its own way, or its quote is not closed; put the value into single quotes",
      "local.env:1: DB_USER is another one than in the environment; unset one of the two: unset DB_USER",
    ]);
  });

  test.each([
    ["--mapping=none.yaml", "--mapping none.yaml: cannot be read (ENOENT)"],
    ["--env-file=none.env", "--env-file none.env: cannot be read (ENOENT)"],
    ["--values=none.yaml", "--values none.yaml: no such file"],
    ["--branch=main", "--branch goes with --repository; a checkout has its branch already"],
    ["--release=Shop", "--release Shop: lower-case letters, digits, - and . only, at most 53"],
    ["--namespace=a.b", "--namespace a.b: lower-case letters, digits and - only, at most 63"],
    ["--into=", "--into is empty; name a folder of the deploy repository"],
    ["--into=Shop", "--into Shop: its last part is no name of a release; give one by --release"],
  ])("%s", async (word, line) => {
    expect(linesOf(await project.run([word]), 2)).toEqual([line]);
  });

  test("two Dhall files", async () => {
    for (const name of ["one.dhall", "two.dhall"]) project.write(name, "{ message = 1 }");
    expect(linesOf(await project.run(["--values=one.dhall", "--values=two.dhall"]), 2)).toEqual([
      "--values two.dhall: one Dhall file only; let it import the other (one.dhall)",
    ]);
  });

  test("a Dhall file that does not hold, with Dhall's reason", async () => {
    project.write("bad.dhall", "{ message = missing }");
    expect(linesOf(await project.run(["--values=bad.dhall"]), 1)).toEqual([
      expect.stringMatching(/^bad\.dhall: dhall yaml failed: /),
    ]);
  });

  test("a chart that helm refuses, with helm's reason", async () => {
    project.write("chart/templates/broken.yaml", '{{ fail "no image is set" }}\n');
    expect(linesOf(await project.run(), 1)).toEqual([
      expect.stringMatching(/^helm template chart failed: .*no image is set$/),
    ]);
  });

  test("a chart that renders a Secret of the mapping, a Secret in plain text, or a value of one", async () => {
    project.write(
      "chart/templates/secret.yaml",
      [
        "apiVersion: v1\nkind: Secret\nmetadata: { name: database, namespace: {{ .Release.Namespace }} }",
        "stringData: { a: default }\n---",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: leak }\ndata: { user: {{ .Values.user }} }\n",
      ].join("\n"),
    );
    project.write("leak.yaml", `user: ${project.env.DB_USER}\n`);
    expect(linesOf(await project.run(["--values=leak.yaml"]), 1)).toEqual([
      expect.stringMatching(
        /^chart: renders Secret .*database with stringData\.a in plain text; take it out/,
      ),
      `${AT_DATABASE} is also in what chart renders; rename one of the two, or switch the chart's off`,
      "chart: renders the value of key username of Secret shop/database in plain text; refer to the Secret instead, or take the key out of it if it is no secret",
    ]);
  });

  test("a deploy repository without rules, or with rules that do not fit", async () => {
    const refused = async (rules: string) => {
      project.deploy.write(".sops.yaml", rules);
      project.deploy.commitAll("Rules");
      return linesOf(await project.run(), 1)[0];
    };
    const file = "apps/shop/secrets/database.sops.yaml";
    expect(await refused(ruleFor(vault).replace("sops\\\\.ya", "other\\\\.ya"))).toBe(
      `${file}: no rule of .sops.yaml matches it; add one, or name another file for it in the mapping`,
    );
    expect(await refused(ruleFor(vault).replace("^(data|stringData)$", "^stringData$"))).toBe(
      `${file}: .sops.yaml:3 leaves the values of a Secret (data) readable; give the rule encrypted_regex: "^(data|stringData)$"`,
    );
    expect(await refused(ruleFor(vault).replace("^(data|stringData)$", "."))).toBe(
      `${file}: .sops.yaml:3 encrypts apiVersion, so that nobody can apply the Secret; give the rule encrypted_regex: "^(data|stringData)$"`,
    );
    project.deploy.git("rm", "--quiet", ".sops.yaml");
    project.deploy.git("commit", "--quiet", "--message=No rules");
    expect(linesOf(await project.run(), 1)[0]).toBe(
      `${file}: there is no .sops.yaml at or above its folder; pulumi up writes one, or add it`,
    );
  });

  test("a token that may not encrypt, and one that may make no digests, each with what the policy lacks", async () => {
    await vault.api.write("sys/policies/acl/test-hmac", {
      policy: 'path "transit/hmac/sops" { capabilities = ["update"] }',
    });
    const cannotEncrypt = await vault.newToken({ policies: ["test-hmac"], no_default_policy: true });
    expect(linesOf(await project.run([], { VAULT_TOKEN: cannotEncrypt }), 1)).toEqual([
      expect.stringMatching(
        /^apps\/shop\/secrets\/.*: sops encrypt failed \(exit \d+\): .*permission denied/,
      ),
    ]);
    const cannotDigest = await vault.token("pipeline");
    expect(linesOf(await project.run([], { VAULT_TOKEN: cannotDigest }), 1)).toEqual([
      expect.stringMatching(/transit\/hmac\/sops.*; sopsloop chart tells by it which Secrets are unchanged$/),
    ]);
  });

  test("rules that name another Vault than the job's own: neither sops nor anybody sends the token there", async () => {
    project.deploy.write(".sops.yaml", ruleFor(vault).replace(vault.address, "https://127.0.0.1:1"));
    project.deploy.commitAll("Theirs");
    expect(linesOf(await project.run(), 1)).toEqual([
      `https://127.0.0.1:1: a file names this Vault, but VAULT_ADDR is ${vault.address}, so the token is not sent there; if it is yours: SOPS_HC_VAULT_ALLOWLIST=${vault.address},https://127.0.0.1:1`,
    ]);
  });

  test("a tool that is not there", async () => {
    const bin = join(project.folder, "bin");
    mkdirSync(bin);
    symlinkSync("/usr/bin/git", join(bin, "git"));
    expect(linesOf(await project.run([], { PATH: bin }), 1)).toEqual([
      `helm is not on PATH, or ${project.folder} is no folder; sopsloop chart needs helm`,
    ]);
  });

  test("a folder with files of somebody else in the place of its own", async () => {
    project.deploy.write(project.path("chart.yaml"), "kind: ConfigMap\n");
    project.deploy.commitAll("Theirs");
    const { code, err } = await project.run();
    expect({ code, err }).toEqual({
      code: 1,
      err: "sopsloop: apps/shop/chart.yaml: is there already and was not written by sopsloop chart; take it away, or name another folder by --into\n",
    });
    expect(project.deploy.read(project.path("chart.yaml"))).toBe("kind: ConfigMap\n");
  });

  test("a link in the place of a folder below its own, which would lead out of it", async () => {
    const elsewhere = join(project.folder, "elsewhere");
    mkdirSync(elsewhere);
    mkdirSync(join(project.deploy.folder, INTO), { recursive: true });
    symlinkSync(elsewhere, join(project.deploy.folder, project.path("secrets")));
    const { code, err } = await project.run();
    expect(code).toBe(1);
    expect(err).toContain(
      `${AT_DATABASE}: apps/shop/secrets/database.sops.yaml: apps/shop/secrets is there already and was not written by`,
    );
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  test("a folder that is a link or a file, lies outside of any checkout, or in git's own folder", async () => {
    const refused = async (into: string) => {
      const { code, err } = await project.call([`--into=${into}`, "--release=shop"]);
      expect(code).toBe(2);
      return err.replace(/^sopsloop: |\n$/g, "");
    };
    project.deploy.write("file", "");
    const { folder } = project.deploy;
    expect(await refused(`${folder}/file/shop`)).toBe(
      `--into: ${folder}/file is a file; name a folder of the deploy repository`,
    );
    expect(await refused(project.folder)).toBe(
      `${project.folder}: no git work tree; run sopsloop in a checkout, or name a path in one`,
    );
    expect(await refused(`${folder}/.git/shop`)).toMatch(/git/);
    symlinkSync(folder, join(project.folder, "link"));
    // Its real place counts.
    expect((await project.call([`--into=${project.folder}/link/${INTO}`, "--namespace=shop"])).code).toBe(0);
  });

  test("a commit of a person's that is under way", async () => {
    project.deploy.write("notes.txt", "mine\n");
    project.deploy.git("add", "notes.txt");
    const { code, err } = await project.run(["--commit"]);
    expect({ code, err }).toEqual({
      code: 1,
      err: "sopsloop: notes.txt: staged for a commit of yours; commit or unstage that first\n",
    });
    expect(project.deploy.status()).toBe("A  notes.txt");
  });

  test("a commit that git refuses: the tree and the index are as they were", async () => {
    project.deploy.write(
      ".git/hooks/pre-commit",
      "#!/bin/sh\necho 'error: no commits on Fridays' >&2; exit 1\n",
    );
    project.deploy.makeExecutable(".git/hooks/pre-commit");
    expect(linesOf(await project.run(["--commit"]), 1)).toEqual([
      `git commit failed in ${project.deploy.folder}: error: no commits on Fridays`,
    ]);
  });

  test("files that git ignores, since they would never be pushed", async () => {
    project.deploy.write(".gitignore", "*.sops.yaml\n");
    project.deploy.commitAll("Ignored");
    expect(linesOf(await project.run(["--commit"]), 1)).toEqual([
      expect.stringMatching(
        /^git add failed in .*: The following paths are ignored by one of your \.gitignore files/,
      ),
    ]);
  });
});
