import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlainMap } from "../../../sandbox/providers/engine/resource-type";
import { ControlPlane } from "./support/control-plane";
import { Plugin, type Resource } from "./support/plugin";

const AREA = "ownership";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const SECRET = "kubernetes:core/v1:Secret";
const PATCH = "kubernetes:apps/v1:DeploymentPatch";

let cluster: ControlPlane;
let plugin: Plugin;

beforeAll(async () => {
  cluster = await ControlPlane.start();
  await cluster.kubectl(["create", "namespace", AREA]);
  plugin = await Plugin.start({
    kubeconfig: cluster.kubeconfig,
    namespace: AREA,
    enableSecretMutable: "true",
    enableConfigMapMutable: "true",
  });
});

afterAll(async () => {
  await plugin?.stop();
  await cluster?.stop();
});

const configMap = (name: string, data: PlainMap, more: PlainMap = {}): PlainMap => ({
  metadata: { name, ...more },
  data,
});

/** Somebody else's hand, under the given manager's name. */
async function editBehindOurBack(name: string, data: PlainMap, manager: string): Promise<void> {
  const patch = JSON.stringify({ data });
  await cluster.kubectl([
    "-n",
    AREA,
    "patch",
    "configmap",
    name,
    "--type=merge",
    `--field-manager=${manager}`,
    "-p",
    patch,
  ]);
}

async function dataOf(kind: string, name: string): Promise<unknown> {
  return (await cluster.json("-n", AREA, kind, name)).data;
}

describe("drift", () => {
  it("of our own field is seen and mended, where kubectl made it", async () => {
    const made = await plugin.create(CONFIG_MAP, configMap("drift", { ours: "1" }));
    await editBehindOurBack("drift", { ours: "2" }, "kubectl-edit");
    const drifted = (await plugin.read(made)) as Resource;
    expect(drifted.inputs.data).toEqual({ ours: "2" });
    expect((await plugin.diff(drifted, made.inputs)).changes).toEqual({ "data.ours": "UPDATE" });
    const mended = await plugin.update(drifted, made.inputs);
    expect(await dataOf("configmap", "drift")).toEqual({ ours: "1" });
    expect((await plugin.read(mended))?.inputs).toEqual(made.inputs);
  });

  it("in a field that is not ours is nobody's business", async () => {
    const made = await plugin.create(CONFIG_MAP, configMap("others", { ours: "1" }));
    await editBehindOurBack("others", { theirs: "x" }, "helm");
    expect((await plugin.read(made))?.inputs).toEqual(made.inputs);
    const updated = await plugin.update(made, { ...made.inputs, data: { ours: "2" } });
    expect(await dataOf("configmap", "others")).toEqual({ ours: "2", theirs: "x" });
    await plugin.delete(updated);
  });

  it("of a Secret shows in the words of the program", async () => {
    const made = await plugin.create(SECRET, {
      metadata: { name: "words" },
      stringData: { word: "sesame-open" },
    });
    expect(await dataOf("secret", "words")).toEqual({ word: Buffer.from("sesame-open").toString("base64") });
    const changed = Buffer.from("sesame-shut").toString("base64");
    await cluster.kubectl([
      "-n",
      AREA,
      "patch",
      "secret",
      "words",
      "-p",
      JSON.stringify({ data: { word: changed } }),
    ]);
    const drifted = (await plugin.read(made)) as Resource;
    expect(drifted.inputs.stringData).toEqual({ word: "sesame-shut" });
    await plugin.update(drifted, made.inputs);
    expect((await plugin.read(made))?.inputs).toEqual(made.inputs);
  });

  it("of an object that was deleted is seen as its absence", async () => {
    const made = await plugin.create(CONFIG_MAP, configMap("deleted", {}));
    await cluster.kubectl(["-n", AREA, "delete", "configmap", "deleted"]);
    expect(await plugin.read(made)).toBeUndefined();
    await expect(plugin.update(made, made.inputs)).rejects.toThrow(
      /^ConfigMap deleted is gone; run pulumi refresh, then up again$/,
    );
  });

  it("a field dropped by the program is removed from the object", async () => {
    const made = await plugin.create(CONFIG_MAP, configMap("dropped", { a: "1", b: "2" }));
    await plugin.update(made, { ...made.inputs, data: { a: "1" } });
    expect(await dataOf("configmap", "dropped")).toEqual({ a: "1" });
  });
});

describe("a conflict", () => {
  it("names the field and its owner, and changes nothing", async () => {
    const made = await plugin.create(CONFIG_MAP, configMap("conflict", { ours: "1" }));
    await editBehindOurBack("conflict", { ours: "2" }, "helm");
    await expect(plugin.update(made, { ...made.inputs, data: { ours: "3" } })).rejects.toThrow(
      /^ConfigMap "ownership\/conflict": another field manager owns data\.ours \(conflict with "helm" using v1[^)]*\); let it go there, or set the annotation pulumi\.com\/patchForce: "true" to take it over$/,
    );
    expect(await dataOf("configmap", "conflict")).toEqual({ ours: "2" });
  });

  it("is won by the annotation patchForce", async () => {
    const made = await plugin.create(CONFIG_MAP, configMap("forced", { ours: "1" }));
    await editBehindOurBack("forced", { ours: "2" }, "helm");
    const inputs = configMap(
      "forced",
      { ours: "3" },
      { namespace: AREA, annotations: { "pulumi.com/patchForce": "true" } },
    );
    await plugin.update(made, { apiVersion: "v1", kind: "ConfigMap", ...inputs });
    expect(await dataOf("configmap", "forced")).toEqual({ ours: "3" });
  });

  it("an object that exists already is not taken over by a create", async () => {
    await cluster.kubectl(["-n", AREA, "create", "configmap", "taken"]);
    await expect(plugin.create(CONFIG_MAP, configMap("taken", { a: "1" }))).rejects.toThrow(
      'ConfigMap "ownership/taken": exists in the cluster already; import it, or set upsertExistingObjects: true on the provider to take it over',
    );
    expect(await dataOf("configmap", "taken")).toBeUndefined();
  });

  it("an object that exists already is taken over where the provider is told so", async () => {
    const upserting = await Plugin.start({
      kubeconfig: cluster.kubeconfig,
      namespace: AREA,
      upsertExistingObjects: "true",
    });
    try {
      await cluster.kubectl(["-n", AREA, "create", "configmap", "adopted", "--from-literal=theirs=1"]);
      await upserting.create(CONFIG_MAP, configMap("adopted", { ours: "1" }));
      expect(await dataOf("configmap", "adopted")).toEqual({ ours: "1", theirs: "1" });
    } finally {
      await upserting.stop();
    }
  });
});

describe("field managers", () => {
  const managersOf = async (name: string): Promise<string[]> => {
    const { metadata } = await cluster.json("-n", AREA, "configmap", name, "--show-managed-fields");
    const { managedFields } = metadata as { managedFields: { manager: string; operation: string }[] };
    return managedFields.map(({ manager, operation }) => `${manager} ${operation}`).sort();
  };

  it("stay the same through a resource's life, and take over from the create", async () => {
    const made = await plugin.create(CONFIG_MAP, configMap("managed", { a: "1" }));
    const manager = String(made.outputs.__fieldManager);
    expect(manager).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
    expect(made.outputs.__initialApiVersion).toBe("v1");
    expect(await managersOf("managed")).toEqual(["pulumi-kubernetes Update"]);
    const updated = await plugin.update(made, { ...made.inputs, data: { a: "2" } });
    expect(updated.outputs.__fieldManager).toBe(manager);
    expect(await managersOf("managed")).toEqual([`${manager} Apply`]);
  });

  it("can be chosen by annotation, and the old one lets go", async () => {
    const made = await plugin.create(CONFIG_MAP, configMap("chosen", { a: "1" }));
    const before = await plugin.update(made, { ...made.inputs, data: { a: "2" } });
    const metadata = {
      name: "chosen",
      namespace: AREA,
      annotations: { "pulumi.com/patchFieldManager": "sopsloop" },
    };
    const after = await plugin.update(before, { ...made.inputs, metadata, data: { a: "2" } });
    expect(after.outputs.__fieldManager).toBe("sopsloop");
    expect(await managersOf("chosen")).toEqual(["sopsloop Apply"]);
    expect(await dataOf("configmap", "chosen")).toEqual({ a: "2" });
  });
});

describe("a patch", () => {
  const DEPLOYMENT = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "controller", namespace: AREA },
    spec: {
      selector: { matchLabels: { app: "controller" } },
      template: {
        metadata: { labels: { app: "controller" } },
        spec: {
          containers: [
            { name: "manager", image: "controller:1", args: ["--stock"], env: [{ name: "A", value: "1" }] },
          ],
        },
      },
    },
  };
  const patchOf = (container: PlainMap): PlainMap => ({
    metadata: { name: "controller" },
    spec: { template: { spec: { containers: [{ name: "manager", ...container }] } } },
  });
  const containerOf = async (): Promise<PlainMap> => {
    const { spec } = (await cluster.json(
      "-n",
      AREA,
      "deployment",
      "controller",
    )) as unknown as typeof DEPLOYMENT;
    return spec.template.spec.containers[0] as unknown as PlainMap;
  };

  it("is refused where there is nothing to patch", async () => {
    await expect(plugin.create(PATCH, patchOf({ tty: true }))).rejects.toThrow(
      'Deployment "ownership/controller": there is nothing to patch; make it first, or mend the name',
    );
    expect((await plugin.check(PATCH, { spec: {} })).failures).toEqual([
      { property: "metadata.name", reason: "a patch must name the object that it patches" },
    ]);
  });

  it("adds its fields to somebody else's object, sees their drift, and gives them up", async () => {
    await cluster.kubectl(["apply", "-f", "-"], JSON.stringify(DEPLOYMENT));
    const inputs = patchOf({ env: [{ name: "VAULT_CACERT", value: "/ca.pem" }] });
    const made = await plugin.create(PATCH, inputs);
    expect(made.id).toBe("ownership/controller");
    expect(await containerOf()).toMatchObject({
      image: "controller:1",
      env: [
        { name: "A", value: "1" },
        { name: "VAULT_CACERT", value: "/ca.pem" },
      ],
    });
    expect((await plugin.read(made))?.inputs).toEqual(made.inputs);

    await cluster.kubectl([
      "-n",
      AREA,
      "set",
      "env",
      "deployment/controller",
      "VAULT_CACERT=/other.pem",
      "B=2",
    ]);
    const drifted = (await plugin.read(made)) as Resource;
    expect(drifted.inputs.spec).toEqual(
      patchOf({ env: [{ name: "VAULT_CACERT", value: "/other.pem" }] }).spec,
    );
    await cluster.kubectl(["-n", AREA, "set", "env", "deployment/controller", "VAULT_CACERT=/ca.pem", "B-"]);

    await plugin.delete(made);
    expect((await cluster.json("-n", AREA, "deployment", "controller")).kind).toBe("Deployment");
    await plugin.delete(made);
  });

  it("of a list that is one value takes it away from its owner, and leaves nothing behind", async () => {
    const force = { annotations: { "pulumi.com/patchForce": "true" } };
    const inputs = patchOf({ args: ["--stock", "--sops-vault-configmap=x"] });
    await expect(plugin.create(PATCH, inputs)).rejects.toThrow(/another field manager owns .*args/);
    const made = await plugin.create(PATCH, { ...inputs, metadata: { name: "controller", ...force } });
    expect((await containerOf()).args).toEqual(["--stock", "--sops-vault-configmap=x"]);
    await plugin.delete(made);
    expect((await containerOf()).args).toBeUndefined();
  });

  it("that holds a required field cannot be given up", async () => {
    const metadata = { name: "controller", annotations: { "pulumi.com/patchForce": "true" } };
    const made = await plugin.create(PATCH, { ...patchOf({ image: "controller:2" }), metadata });
    await expect(plugin.delete(made)).rejects.toThrow(
      /^Deployment "ownership\/controller": the patch is the only owner of the required field .*image; give it another owner first, or set retainOnDelete$/,
    );
  });
});
