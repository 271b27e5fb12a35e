import { describe, expect, test } from "vitest";
import { FluxCoverage } from "../../../../cli/tree/flux-coverage";
import { fluxKustomizations } from "../../../../cli/tree/flux-kustomization";
import { documentsOf } from "../../../../cli/tree/kubernetes-documents";
import { KustomizeBuild, readKustomizationFile } from "../../../../cli/tree/kustomize-build";

const kustomizations = (text: string) => fluxKustomizations("clusters/apps.yaml", documentsOf(text) ?? []);
const built = (files: Record<string, string>, folder: string) => {
  const own = new Map(
    Object.entries(files)
      .filter(([path]) => path.endsWith("kustomization.yaml"))
      .map(([path, text]) => [
        path.replace(/\/?kustomization\.yaml$/, ""),
        readKustomizationFile(documentsOf(text) ?? []),
      ]),
  );
  return [...new KustomizeBuild(Object.keys(files), own).filesOf(folder)].sort();
};

describe("Flux's Kustomizations", () => {
  test("are read for what becomes of encrypted files", () => {
    expect(
      kustomizations(`
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  path: ./apps/prod/
  suspend: true
  decryption: {provider: sops}
  components: [../../parts]
  postBuild: {substitute: {a: b}}
`),
    ).toEqual([
      {
        name: "flux-system/apps",
        file: "clusters/apps.yaml",
        line: 2,
        folder: "apps/prod",
        components: ["parts"],
        decrypts: true,
        suspended: true,
        substitutes: true,
      },
    ]);
  });

  test.each([
    ["", ""],
    ["path: ./", ""],
    ["path: /apps", "apps"],
    ["path: ../../apps", "apps"],
    ["path: apps//a/./b", "apps/a/b"],
  ])("spec {%s} builds %j", (path, folder) => {
    const text = `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {${path}}\n`;
    expect(kustomizations(text).map((kustomization) => kustomization.folder)).toEqual([folder]);
  });

  test("those of kustomize itself, and those whose path is a variable, are none", () => {
    expect(kustomizations("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n")).toEqual([]);
    const text = `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {path: 'a/\${b}'}\n`;
    expect(kustomizations(text)).toEqual([]);
  });
});

describe("what a folder builds", () => {
  test("its resources, through folders, up and down", () => {
    const files = {
      "apps/prod/kustomization.yaml":
        "resources: [../base, secret.yaml, https://x.example/y]\npatches: [{path: p.yaml}]",
      "apps/prod/secret.yaml": "",
      "apps/prod/p.yaml": "",
      "apps/prod/forgotten.yaml": "",
      "apps/base/kustomization.yaml":
        "resources: [a.yaml, ../prod]\nsecretGenerator: [{envs: [x.env], files: [k=f.bin]}]",
      "apps/base/a.yaml": "",
      "apps/base/x.env": "",
    };
    expect(built(files, "apps/prod")).toEqual([
      "apps/base/a.yaml",
      "apps/base/f.bin",
      "apps/base/x.env",
      "apps/prod/p.yaml",
      "apps/prod/secret.yaml",
    ]);
  });

  test("every manifest below, where it has no kustomization.yaml; folders that have one are taken as they say", () => {
    const files = {
      "apps/a.yaml": "",
      "apps/readme.md": "",
      "apps/x/b.yml": "",
      "apps/y/kustomization.yaml": "resources: [c.yaml]",
      "apps/y/c.yaml": "",
      "apps/y/not.yaml": "",
      "other/d.yaml": "",
    };
    expect(built(files, "apps")).toEqual(["apps/a.yaml", "apps/x/b.yml", "apps/y/c.yaml"]);
    expect(built(files, "")).toEqual(["apps/a.yaml", "apps/x/b.yml", "apps/y/c.yaml", "other/d.yaml"]);
    expect(built(files, "nowhere")).toEqual([]);
  });

  test("every Kustomization that builds a file is known", () => {
    const [one] = kustomizations(
      "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: one}\nspec: {path: apps}\n",
    );
    if (!one) throw new Error("not read");
    const two = { ...one, name: "two", folder: "apps/a" };
    const coverage = new FluxCoverage(
      [one, two],
      new KustomizeBuild(["apps/a/s.yaml", "apps/t.yaml"], new Map()),
    );
    expect(coverage.buildersOf("apps/a/s.yaml").map(({ name }) => name)).toEqual(["one", "two"]);
    expect(coverage.buildersOf("apps/t.yaml").map(({ name }) => name)).toEqual(["one"]);
    expect(coverage.buildersOf("x.yaml")).toEqual([]);
  });
});
