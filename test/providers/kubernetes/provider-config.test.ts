import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PlainMap, UNKNOWN } from "../../../sandbox/providers/engine/resource-type";
import { Plugin } from "./support/plugin";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

/** Leads to a port on which nothing listens. */
const NOBODY_THERE = JSON.stringify({
  "current-context": "x",
  contexts: [{ name: "x", context: { cluster: "x", user: "x" } }],
  clusters: [{ name: "x", cluster: { server: "https://127.0.0.1:1" } }],
  users: [{ name: "x", user: { token: "t" } }],
});

let plugin: Plugin;
beforeAll(async () => {
  plugin = await Plugin.start({ kubeconfig: NOBODY_THERE });
});
afterAll(() => plugin?.stop());

describe("provider config", () => {
  it("with unknown, wrong or unfit settings is refused by name", async () => {
    const failures = (config: PlainMap) => plugin.checkConfig(config);
    expect(await failures({ kubeconfig: "x", enableServerSideApply: "true" })).toEqual([]);
    expect(await failures({ context: UNKNOWN })).toEqual([]);
    expect(await failures({ namspace: "x" })).toEqual([
      { property: "namspace", reason: expect.stringMatching(/namspace.*did you mean "namespace"\?$/) },
    ]);
    expect(await failures({ renderYamlToDirectory: "x" })).toHaveLength(1);
    expect(await failures({ enableServerSideApply: "false" })).toEqual([
      {
        property: "enableServerSideApply",
        reason: "enableServerSideApply must not be false: the stand-in only knows server-side apply",
      },
    ]);
    expect(await failures({ enableSecretMutable: '"yes"', context: 7 })).toEqual([
      { property: "context", reason: "context must be a string" },
      { property: "enableSecretMutable", reason: "enableSecretMutable must be a boolean" },
    ]);
  });

  it("that leads to no kubeconfig is refused at once", async () => {
    await expect(Plugin.start({ kubeconfig: "/nowhere/config" })).rejects.toThrow(
      "kubeconfig: cannot read /nowhere/config; does it exist, and may this user read it?",
    );
    await expect(Plugin.start({ kubeconfig: NOBODY_THERE, context: "other" })).rejects.toThrow(
      'the kubeconfig setting: has no context named "other"',
    );
  });
});

describe("a server that does not answer", () => {
  it("is named, with the way out", async () => {
    await expect(plugin.createUnchecked(CONFIG_MAP, { metadata: { name: "x" } })).rejects.toThrow(
      /^cannot reach the Kubernetes API server at https:\/\/127\.0\.0\.1:1: .*ECONNREFUSED.*; is it running, and is the kubeconfig's address right\?$/,
    );
  });

  it("is not asked about inputs that have not changed", async () => {
    const inputs = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "x", namespace: "n" },
      data: { a: "1" },
    };
    expect(await plugin.check(CONFIG_MAP, inputs, inputs)).toEqual({ inputs, failures: [] });
    await expect(plugin.check(CONFIG_MAP, { ...inputs, data: {} }, inputs)).rejects.toThrow(/^cannot reach/);
  });
});
