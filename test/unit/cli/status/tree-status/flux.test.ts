import { describe, expect, test } from "vitest";
import { statusOf } from "../../../../../cli/status/tree-status";
import { FluxCoverage } from "../../../../../cli/tree/flux-coverage";
import type { FluxKustomization } from "../../../../../cli/tree/flux-kustomization";
import { KustomizeBuild } from "../../../../../cli/tree/kustomize-build";
import { encrypted, tree, vaultAt } from "../sample";

describe("Flux", () => {
  const apps: FluxKustomization = {
    name: "apps",
    file: "clusters/apps.yaml",
    line: 1,
    folder: "apps",
    components: [],
    decrypts: true,
    suspended: false,
    substitutes: false,
  };
  const checks = async (path: string, changes: Partial<FluxKustomization>, file = {}) => {
    const flux = new FluxCoverage([{ ...apps, ...changes }], new KustomizeBuild([path], new Map()));
    const status = await statusOf(tree([encrypted(path, file)], { flux }), [vaultAt("2")], []);
    return status.findings.map(({ check, message }) => `${check}: ${message}`);
  };

  test("a file that a Kustomization decrypts is well", async () => {
    expect(await checks("apps/s.yaml", {})).toEqual([]);
  });

  test.each([
    ["other/s.yaml", {}, /^no-decryption: no Flux Kustomization of this tree builds it$/],
    ["apps/s.yaml", { suspended: true }, /^no-decryption: built only by what is suspended: apps$/],
    [
      "apps/s.yaml",
      { decrypts: false },
      /^no-decryption: Kustomization apps builds it without decryption; .* clusters\/apps\.yaml:1$/,
    ],
  ])("%s with %j is told", async (path, changes, message) => {
    expect(await checks(path, changes)).toEqual([expect.stringMatching(message)]);
  });

  test("what is no manifest, and is built by nobody, is not Flux's", async () => {
    expect(await checks("other/ci.yaml", {}, { isManifest: false })).toEqual([]);
  });

  test("readable ${ under postBuild is told", async () => {
    const file = { substituted: ["stringData.url"] };
    expect(await checks("apps/s.yaml", {}, file)).toEqual([]);
    expect(await checks("apps/s.yaml", { substitutes: true }, file)).toEqual([
      expect.stringMatching(/^substituted: Kustomization apps has spec.postBuild, and stringData.url holds/),
    ]);
  });
});
