import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, parseAllDocuments, stringify } from "yaml";
import {
  deploymentSpec,
  kustomizePatches,
  patchesText,
  stockEgressRemoval,
} from "../../components/flux/controller-patch";
import { run } from "../../sandbox/processes/run";
import { fluxManifests } from "../../sandbox/toolchain/flux-manifests";
import { ToolBuilder } from "../../sandbox/toolchain/tool-builder";
import { TOOLS } from "../../sandbox/toolchain/tools";

const patch = {
  namespace: "flux-system",
  version: { major: 2, minor: 9 },
  vaultConfigMap: "sopsloop-vault",
  address: "https://vault.example.com:8200",
  ca: { configMap: "sopsloop-vault-ca", key: "ca.pem" },
};

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly template: { readonly spec: PodSpec } };
}
interface PodSpec {
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly env: readonly { readonly name: string; readonly value?: string }[];
    readonly volumeMounts: readonly { readonly name: string }[];
  }[];
  readonly volumes: readonly { readonly name: string }[];
}

let folder: string;
let kubectl: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-kustomize-"));
  kubectl = (await new ToolBuilder().ensure(TOOLS)).get("kubectl") ?? "";
  copyFileSync(await fluxManifests(kubectl), join(folder, "gotk-components.yaml"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Builds Flux's own manifests with patches, as Flux does with its bootstrap repository. */
async function built(patches: object): Promise<Manifest[]> {
  const kustomization = { resources: ["gotk-components.yaml"], ...patches };
  writeFileSync(join(folder, "kustomization.yaml"), stringify(kustomization));
  const text = await run(kubectl, ["kustomize", folder]);
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

test.each(["bootstrap", "operator"] as const)(
  "installation %s: real kustomize makes the controller that server-side apply makes",
  async (installation) => {
    const text = patchesText(installation, [...kustomizePatches(patch), stockEgressRemoval()]);
    const rendered = parse(text) as { patches: object[]; spec: { kustomize: { patches: object[] } } };
    const { patches } = installation === "operator" ? rendered.spec.kustomize : rendered;
    const manifests = await built({ patches });
    const find = (kind: string, name: string) =>
      manifests.find((one) => one.kind === kind && one.metadata.name === name);

    const pod = find("Deployment", "kustomize-controller")?.spec.template.spec;
    const declared = deploymentSpec(patch).template.spec as PodSpec;
    // `flux install` writes out the value of a flag that the controllers' own manifests leave bare.
    const plain = (args: readonly string[] = []) =>
      args.map((arg) => arg.replace(/(namespaces)=true$/, "$1"));
    expect(plain(pod?.containers[0]?.args)).toEqual(plain(declared.containers[0]?.args));
    expect(pod?.containers[0]?.env).toEqual(expect.arrayContaining([...(declared.containers[0]?.env ?? [])]));
    expect(pod?.containers[0]?.volumeMounts).toEqual(
      expect.arrayContaining([...(declared.containers[0]?.volumeMounts ?? [])]),
    );
    expect(pod?.volumes).toEqual(expect.arrayContaining([...declared.volumes]));
    expect(find("NetworkPolicy", "allow-egress")).toBeUndefined();
    // And no other controller was touched.
    const other = find("Deployment", "source-controller")?.spec.template.spec.containers[0]?.args.join(" ");
    expect(other).not.toContain("sops");
  },
);
