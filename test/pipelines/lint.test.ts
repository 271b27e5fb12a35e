import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { ciFileText } from "../../components/gitlab/pipeline-texts";
import { APP_FILES } from "./support/app-project";
import { DEPLOY } from "./support/deploy-project";
import { DeployRepository } from "./support/deploy-repository";
import { componentText, documentedCiFiles } from "./support/documented";
import { JOBS } from "./support/job-roles";

/** For inputs without a default. */
const INPUTS = {
  "vault-address": "https://vault.example.com:8200",
  "vault-audience": "https://vault.example.com:8200",
  "vault-role": "sops-job",
};
const CHART_INPUTS = {
  ...INPUTS,
  environment: "production",
  "app-project": "platform/app",
  into: "apps/shop",
  namespace: "shop",
};

interface Spec {
  readonly spec: { readonly inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

let deploy: DeployRepository;
let sha: string;

beforeAll(async () => {
  deploy = await DeployRepository.create();
  // Where gitlab.ciFile puts the program's file beside one of the project's own.
  await deploy.publish({ ".gitlab/sopsloop.yml": deploy.pipelineFiles()[".gitlab-ci.yml"] ?? "" });
  sha = deploy.tree.git("rev-parse", "HEAD");
});
afterAll(() => deploy.close());

/** By GitLab's schema for CI files, with includes and inputs resolved. */
async function lint(content: string, inputs: object = {}): Promise<readonly string[]> {
  const { directory, runner } = deploy.server.gitlab.core;
  const project = directory.project(DEPLOY);
  if (!project) throw new Error("the deploy project is not there");
  const given = inputs as Readonly<Record<string, unknown>>;
  const { errors } = await runner.lint({
    project: directory.ciProject(project),
    sha,
    content,
    inputs: given,
  });
  return errors;
}

describe("GitLab's schema takes", () => {
  test.each(JOBS)("the component %s", async (name) => {
    expect(await lint(componentText(name), name === "chart" ? CHART_INPUTS : INPUTS)).toEqual([]);
  });

  test("the CI file that the program writes, with an app and without", async () => {
    const files = deploy.pipelineFiles();
    expect(await lint(files[".gitlab-ci.yml"] ?? "", { "app-ref": "release/1.2" })).toEqual([]);
    const roles = { rewrap: "sops-rewrap", status: "sops-status" };
    const login = { address: INPUTS["vault-address"], mount: "gitlab", roles };
    const others = { branch: "main", image: "registry.example.com/sopsloop@sha256:0", runnerTags: ["sops"] };
    expect(await lint(ciFileText({ login, ...others }))).toEqual([]);
    const namespaced = { ...login, namespace: "team/a" };
    expect(await lint(ciFileText({ login: namespaced, ...others }))).toEqual([]);
  });

  test("every CI file of docs/pipelines.md, and the app's", async () => {
    for (const text of [...documentedCiFiles(), APP_FILES[".gitlab-ci.yml"] ?? ""])
      expect([text, await lint(text)]).toEqual([text, []]);
  });
});

const TOLD = { backend: "azure_kv", key: "kv-sops-prod/sops", version: "0123456789abcdef0123456789abcdef" };

describe.each(["without the program", "its own CI file"])(
  "a deploy repository's file in the docs, %s",
  (name) => {
    const [text = ""] = documentedCiFiles(`deploy repository: ${name}`);

    test("takes what the relay tells, and what a push or a schedule leaves out", async () => {
      expect(await lint(text, TOLD)).toEqual([]);
      expect(await lint(text)).toEqual([]);
    });

    test.each(Object.keys(TOLD))("takes nothing else for %s", async (input) => {
      expect(await lint(text, { ...TOLD, [input]: "$(id)" })).toEqual([
        expect.stringContaining(`\`${input}\` input: provided value does not match required RegEx pattern`),
      ]);
    });

    test("has the patterns that the program writes", () => {
      const specOf = (file: string) => parseAllDocuments(file)[0]?.toJS() as Spec;
      const { inputs } = specOf(text).spec;
      const { "app-ref": _, ...written } = specOf(deploy.pipelineFiles()[".gitlab-ci.yml"] ?? "").spec.inputs;
      expect(inputs).toEqual(
        Object.fromEntries(Object.entries(written).map(([key, { description: __, ...rest }]) => [key, rest])),
      );
    });
  },
);

describe("it does not take", () => {
  test("a component with a keyword that GitLab does not know, or with a value of another kind", async () => {
    const text = componentText("rewrap");
    expect(await lint(text.replace("interruptible:", "interuptible:"), INPUTS)).not.toEqual([]);
    expect(await lint(text.replace("interruptible: false", "interruptible: 5"), INPUTS)).not.toEqual([]);
  });

  test.each([
    ["vault-role", undefined, "`vault-role` input: required value has not been provided"],
    ["vault-address", "vault.example.com", "`vault-address` input: provided value does not match"],
    ["app-ref", "main; id", "`app-ref` input: provided value does not match required RegEx pattern"],
    ["app-ref", "$(id)", "`app-ref` input: provided value does not match required RegEx pattern"],
    ["into", "apps/shop name", "`into` input: provided value does not match required RegEx pattern"],
    ["values", "a.yaml;id", "`values` input: provided value does not match required RegEx pattern"],
    ["token", "x", "unknown input arguments: token"],
  ])("an input %s of %j", async (name, value, told) => {
    const [error] = await lint(componentText("chart"), { ...CHART_INPUTS, [name]: value });
    expect(error).toContain(told);
  });
});
