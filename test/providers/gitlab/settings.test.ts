import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { gitlabProvider } from "../../../sandbox/providers/gitlab/provider";
import { PluginClient } from "../plugin-client";
import { RecordedGitLab } from "./recorded-gitlab";

const token = (name: string) => `gitlab:index/${name}:${name[0]?.toUpperCase()}${name.slice(1)}`;
const VARIABLE = token("projectVariable");
const HOOK = token("projectHook");
const SCOPE = token("projectJobTokenScope");

let gitlab: RecordedGitLab;
let plugin: PluginClient;
beforeAll(async () => {
  gitlab = await RecordedGitLab.start();
});
afterAll(() => gitlab.stop());
beforeEach(async () => {
  gitlab.forget();
  plugin = await PluginClient.inProcess(gitlabProvider);
  await plugin.configure(gitlab.config);
  return () => plugin.close();
});

describe("a project variable", () => {
  const inputs = { project: "101", key: "TOKEN", value: "abcdefgh", environmentScope: "prod/*" };
  const path = "projects/101/variables/TOKEN?filter%5Benvironment_scope%5D=prod%2F*";

  it("is found by its key and its scope", async () => {
    gitlab.answers("POST projects/101/variables", { status: 201, body: {} });
    gitlab.answers(`GET ${path}`, { body: { key: "TOKEN", value: "abcdefgh", protected: true } });
    gitlab.answers(`PUT ${path}`, { body: {} });
    gitlab.answers(`DELETE ${path}`, { status: 204 });
    const made = await plugin.create(VARIABLE, inputs, ["value"]);
    expect([made.id, [...plugin.secretOutputs]]).toEqual(["101:TOKEN:prod/*", ["value"]]);
    await plugin.update(VARIABLE, made, { ...inputs, raw: true });
    await plugin.delete(VARIABLE, made);
    expect(gitlab.taken().map(({ line, body }) => [line, body])).toEqual([
      ["POST projects/101/variables", { key: "TOKEN", value: "abcdefgh", environment_scope: "prod/*" }],
      [`GET ${path}`, undefined],
      [`PUT ${path}`, { value: "abcdefgh", raw: true }],
      [`GET ${path}`, undefined],
      [`DELETE ${path}`, undefined],
    ]);
  });

  it("keeps the value of a hidden one, which GitLab does not tell, and is made anew to be hidden", async () => {
    gitlab.answers("POST projects/101/variables", { status: 201, body: {} });
    gitlab.answers(`GET ${path}`, { body: { key: "TOKEN", value: null, hidden: true, masked: true } });
    const made = await plugin.create(VARIABLE, { ...inputs, hidden: true, masked: true });
    expect(gitlab.taken()[0]?.body).toMatchObject({ masked: false, masked_and_hidden: true });
    expect((await plugin.read(VARIABLE, made))?.outputs).toMatchObject({ value: "abcdefgh", hidden: true });
    const diff = await plugin.diff(VARIABLE, made, { ...inputs, hidden: false, masked: true });
    expect([diff.replaces, diff.deleteBeforeReplace]).toEqual([["hidden"], true]);
  });
});

describe("a hook", () => {
  const inputs = { project: "101", url: "https://flux.example.com/hook/abc", token: "the-hook-token" };

  it("says every event, keeps its token, and is another one at another address", async () => {
    gitlab.answers("POST projects/101/hooks", { status: 201, body: { id: 5 } });
    gitlab.answers("GET projects/101/hooks/5", {
      body: { id: 5, url: inputs.url, project_id: 101, push_events: true, enable_ssl_verification: true },
    });
    const made = await plugin.create(HOOK, inputs);
    expect(String(made.inputs.name)).toMatch(/^it-[0-9a-f]{7}$/);
    expect(gitlab.taken()[0]?.body).toMatchObject({
      url: inputs.url,
      token: inputs.token,
      push_events: true,
      tag_push_events: false,
      enable_ssl_verification: true,
    });
    expect((await plugin.read(HOOK, made))?.outputs).toMatchObject({ token: inputs.token, hookId: 5 });
    expect([...plugin.secretOutputs].sort()).toEqual(
      ["signingToken", "token"].filter((n) => n in made.outputs),
    );
    const moved = await plugin.diff(HOOK, made, { ...made.inputs, url: "https://other.example.com/" });
    expect([moved.replaces, moved.deleteBeforeReplace]).toEqual([["url"], false]);
    expect((await plugin.diff(HOOK, made, { ...made.inputs, token: "another-token" })).detailed).toEqual({
      token: "UPDATE",
    });
  });

  it("shows a header that somebody added, and takes headers off", async () => {
    const wanted = { ...inputs, name: "flux", customHeaders: [{ key: "X-One", value: "1" }] };
    const hook = { id: 5, url: inputs.url, name: "flux", push_events: true, enable_ssl_verification: true };
    const one = { ...hook, custom_headers: [{ key: "X-One" }] };
    gitlab.answers("POST projects/101/hooks", { status: 201, body: { id: 5 } });
    gitlab.answers("PUT projects/101/hooks/5", { body: {} });
    const two = { ...hook, custom_headers: [{ key: "X-One" }, { key: "X-Two" }] };
    gitlab.answers("GET projects/101/hooks/5", { body: one }, { body: two }, { body: hook });
    const made = await plugin.create(HOOK, wanted);
    expect((await plugin.diff(HOOK, made, made.inputs)).changed).toBe(false);
    const drifted = await plugin.read(HOOK, made);
    expect(drifted?.outputs.customHeaders).toEqual([
      { key: "X-One", value: "1" },
      { key: "X-Two", value: "" },
    ]);
    gitlab.taken();
    await plugin.update(HOOK, made, { ...inputs, name: "flux" });
    expect(gitlab.taken()[0]?.body).toMatchObject({ custom_headers: [] });
  });
});

it("a job token scope is one entry of a list, read page by page", async () => {
  const path = "projects/101/job_token_scope/allowlist";
  gitlab.answers(`POST ${path}`, { status: 201, body: {} });
  gitlab.answers(`GET ${path}?per_page=100&page=1`, { body: [{ id: 1 }], headers: { "x-next-page": "2" } });
  gitlab.answers(`GET ${path}?per_page=100&page=2`, { body: [{ id: 102 }], headers: { "x-next-page": "" } });
  gitlab.answers(`DELETE ${path}/102`, { status: 204 });
  const made = await plugin.create(SCOPE, { project: "101", targetProjectId: 102 });
  expect([made.id, made.outputs]).toEqual(["101:project:102", { project: "101", targetProjectId: 102 }]);
  await plugin.delete(SCOPE, made);
  expect(gitlab.taken().at(-1)?.line).toBe(`DELETE ${path}/102`);
});
