import * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import manifest from "../../../../sdks/gitlab/package.json";
import { requestsOf } from "./engine";
import record from "./schema-10.1.1.json";

interface Recorded {
  readonly inputs: Readonly<Record<string, string>>;
  readonly required: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** Any class of the SDK, called with what a program without types might say. */
interface AnyClass {
  new (name: string, args?: object, opts?: pulumi.CustomResourceOptions): pulumi.CustomResource;
  get(name: string, id: string, state?: object, opts?: pulumi.CustomResourceOptions): pulumi.CustomResource;
  isInstance(candidate: unknown): boolean;
  readonly __pulumiType: string;
}

/** Only a part of these is here; the README says so. */
const PARTIAL: ReadonlySet<string> = new Set(["gitlab:index/project:Project"]);
const MARK = "4dabf18193072939515e22adb298388d";

const resources: readonly [string, Recorded][] = Object.entries(record.resources);

function classOf(token: string): AnyClass {
  const name = token.split(":").at(-1) ?? "";
  return Reflect.get(gitlab, name) as AnyClass;
}

/** A value for every property of these, by its type in the schema. */
function samples(types: Readonly<Record<string, string>>): Record<string, unknown> {
  const values: Readonly<Record<string, unknown>> = { string: "text", boolean: true, integer: 7 };
  return Object.fromEntries(
    Object.entries(types).map(([name, type]) => [
      name,
      type.endsWith("[]") ? ["text"] : (values[type] ?? {}),
    ]),
  );
}

/** A program that makes one resource and hands it out. */
async function made(make: () => pulumi.CustomResource) {
  let resource: pulumi.CustomResource | undefined;
  const { requests } = await requestsOf(() => {
    resource = make();
  });
  const [request] = requests;
  if (request === undefined || resource === undefined) throw new Error("nothing was registered");
  return { request, resource };
}

function outputNames(resource: pulumi.CustomResource): string[] {
  const known = ["id", "urn"];
  return Object.keys(resource)
    .filter((name) => !known.includes(name) && pulumi.Output.isInstance(Reflect.get(resource, name)))
    .sort();
}

describe.each(resources)("%s", (token, recorded) => {
  const Class = classOf(token);
  const inputs = Object.keys(recorded.inputs);
  const partial = PARTIAL.has(token);

  it("is registered under the official token and version, with the official inputs and no other", async () => {
    const given = { ...samples(recorded.inputs), ...samples(recorded.outputs), notThere: 1 };
    const { request, resource } = await made(() => new Class("one", given));
    expect([Class.__pulumiType, request.type, request.version]).toEqual([token, token, record.version]);
    if (partial) expect(inputs).toEqual(expect.arrayContaining([...request.inputs]));
    else expect(request.inputs).toEqual([...inputs].sort());
    expect(Class.isInstance(resource)).toBe(true);
    expect(Class.isInstance({ __pulumiType: "other" })).toBe(false);
  });

  it("has the official outputs", async () => {
    const { resource } = await made(() => new Class("one", samples(recorded.inputs)));
    const official = [...new Set([...inputs, ...Object.keys(recorded.outputs)])].sort();
    if (partial) expect(official).toEqual(expect.arrayContaining(outputNames(resource)));
    else expect(outputNames(resource)).toEqual(official);
  });

  it("needs what the official class needs, and says so in its words", () => {
    for (const name of recorded.required) {
      const { [name]: _left, ...others } = samples(recorded.inputs);
      expect(() => new Class("one", others)).toThrow(new Error(`Missing required property '${name}'`));
    }
  });

  it("has the official secrets", async () => {
    const { request } = await made(() => new Class("one", samples(recorded.inputs)));
    const here = partial ? recorded.secrets.filter((name) => name !== "importUrlPassword") : recorded.secrets;
    expect(request.secretOutputs).toEqual(here);
    const marked = Object.entries(request.values).filter(([, value]) => Object(value)[MARK] !== undefined);
    expect(marked.map(([name]) => name).sort()).toEqual(here.filter((name) => inputs.includes(name)));
  });

  it("is looked up by its id, with what is known of it", async () => {
    const { request } = await made(() => Class.get("one", "1:2", { project: "1" }));
    const known = partial ? [] : ["project"];
    expect([request.type, request.id, request.inputs]).toEqual([token, "1:2", known]);
  });

  it("lets the caller choose another plugin", async () => {
    const options = { version: "10.0.0", pluginDownloadURL: "https://plugins.example.com" };
    const { request } = await made(() => new Class("one", samples(recorded.inputs), options));
    expect([request.version, request.pluginDownloadUrl]).toEqual([
      options.version,
      options.pluginDownloadURL,
    ]);
  });
});

describe("the provider", () => {
  it("takes the official config, texts as they are and the rest as JSON, with the token secret", async () => {
    const { requests } = await requestsOf(
      () =>
        new gitlab.Provider("one", {
          baseUrl: "https://gitlab.example.com/api/v4/",
          cacertFile: "ca.pem",
          clientCert: "client.pem",
          clientKey: "key.pem",
          configFile: "config.yaml",
          context: "prod",
          earlyAuthCheck: false,
          enableAutoCiSupport: true,
          headers: { "X-Proxy": "yes" },
          insecure: false,
          retries: 3,
          token: "the-token",
        }),
    );
    expect(requests.map(({ type, version }) => [type, version])).toEqual([
      ["pulumi:providers:gitlab", record.version],
    ]);
    expect(requests[0]?.inputs).toEqual(Object.keys(record.provider.inputs).sort());
    expect(requests[0]?.secretOutputs).toEqual(record.provider.secrets);
    expect(requests[0]?.values).toMatchObject({
      earlyAuthCheck: "false",
      enableAutoCiSupport: "true",
      headers: '{"X-Proxy":"yes"}',
      insecure: "false",
      retries: "3",
      token: { value: "the-token" },
    });
  });

  it("sends nothing of what is left to the environment", async () => {
    const { requests } = await requestsOf(() => new gitlab.Provider("one"));
    expect(requests[0]?.inputs).toEqual([]);
  });
});

describe("getProject", () => {
  const token = "gitlab:index/getProject:getProject";
  const recorded = record.functions[token];

  it("asks by id or by path, plain and as an output", async () => {
    const { calls } = await requestsOf(async () => {
      await gitlab.getProject({ pathWithNamespace: "a/b" });
      gitlab.getProjectOutput({ id: pulumi.output("1") });
    });
    expect(calls.map((call) => [call.token, call.version])).toEqual([
      [token, record.version],
      [token, record.version],
    ]);
    expect(Object.keys(recorded.inputs)).toEqual(["id", "pathWithNamespace"]);
  });

  it("answers under official names", () => {
    const answer: Required<gitlab.GetProjectResult> = {
      archived: false,
      buildTimeout: 3600,
      buildsAccessLevel: "enabled",
      ciConfigPath: "",
      ciIdTokenSubClaimComponents: ["project_path"],
      ciPipelineVariablesMinimumOverrideRole: "no_one_allowed",
      ciPushRepositoryForJobTokenAllowed: false,
      defaultBranch: "main",
      description: "",
      emptyRepo: false,
      httpUrlToRepo: "https://gitlab.example.com/a/b.git",
      id: "1",
      mergeMethod: "merge",
      name: "b",
      nameWithNamespace: "A / B",
      namespaceId: 2,
      onlyAllowMergeIfPipelineSucceeds: false,
      path: "b",
      pathWithNamespace: "a/b",
      publicJobs: true,
      resourceGroupDefaultProcessMode: "unordered",
      sharedRunnersEnabled: true,
      sshUrlToRepo: "git@gitlab.example.com:a/b.git",
      topics: [],
      visibilityLevel: "private",
      webUrl: "https://gitlab.example.com/a/b",
    };
    expect(Object.keys(recorded.outputs)).toEqual(expect.arrayContaining(Object.keys(answer)));
  });
});

describe("nested types", () => {
  const access = { accessLevel: "maintainer", accessLevelDescription: "", groupId: 1, userId: 1 };
  const merge: Required<gitlab.types.input.BranchProtectionAllowedToMerge> = access;
  const unprotect: Required<gitlab.types.input.BranchProtectionAllowedToUnprotect> = access;
  const push: Required<gitlab.types.input.BranchProtectionAllowedToPush> = { ...access, deployKeyId: 1 };
  const input: gitlab.types.input.PipelineScheduleInput = { name: "n", value: "v" };
  const header: gitlab.types.input.ProjectHookCustomHeader = { key: "k", value: "v" };
  const variable: gitlab.types.input.ProjectHookUrlVariable = { key: "k", value: "v" };

  it("have the official properties", () => {
    const here = {
      BranchProtectionAllowedToMerge: merge,
      BranchProtectionAllowedToPush: push,
      BranchProtectionAllowedToUnprotect: unprotect,
      PipelineScheduleInput: input,
      ProjectHookCustomHeader: header,
      ProjectHookUrlVariable: variable,
    };
    const names = (one: object): string[] => Object.keys(one).sort();
    expect(Object.entries(here).map(([name, one]) => [name, names(one)])).toEqual(
      Object.entries(record.types).map(([name, { properties }]) => [name, names(properties)]),
    );
  });
});

it("every resource of the record is exported, and nothing else", () => {
  const classes = [...resources.map(([token]) => token.split(":").at(-1)), "Provider"];
  const functions = ["getProject", "getProjectOutput"];
  expect(Object.keys(gitlab).sort()).toEqual([...classes, ...functions].sort());
});

it("package.json asks for the plugin of the recorded version", () => {
  expect([manifest.name, manifest.version, manifest.pulumi.version]).toEqual([
    "@pulumi/gitlab",
    record.version,
    record.version,
  ]);
});
