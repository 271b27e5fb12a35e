import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PlainMap, UNKNOWN } from "../../../sandbox/providers/engine/resource-type";
import { ControlPlane } from "./support/control-plane";
import { Plugin } from "./support/plugin";

const AREA = "refusals";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const SECRET = "kubernetes:core/v1:Secret";
const ROLE = "kubernetes:rbac.authorization.k8s.io/v1:Role";
const named = (name: string, annotations?: PlainMap): PlainMap => ({
  name,
  namespace: AREA,
  ...(annotations && { annotations }),
});

let cluster: ControlPlane;
let plugin: Plugin;

beforeAll(async () => {
  cluster = await ControlPlane.start();
  await cluster.kubectl(["create", "namespace", AREA]);
  plugin = await Plugin.start({ kubeconfig: cluster.kubeconfig });
});

afterAll(async () => {
  await plugin?.stop();
  await cluster?.stop();
});

describe("inputs", () => {
  it.each<[string, string, PlainMap, { property: string; reason: string }[]]>([
    [
      "an unknown field",
      ROLE,
      {
        metadata: named("x"),
        rules: [{ apiGroups: [""], resource: ["secrets"], verbs: ["get"], resources: ["pods"] }],
      },
      [
        {
          property: "rules[0].resource",
          reason: "Role (rbac.authorization.k8s.io/v1) has no field rules[0].resource",
        },
      ],
    ],
    [
      "two unknown fields",
      CONFIG_MAP,
      { metadata: named("x"), dta: {}, binarydata: {} },
      [
        { property: "binarydata", reason: "ConfigMap (v1) has no field binarydata" },
        { property: "dta", reason: "ConfigMap (v1) has no field dta" },
      ],
    ],
    [
      "a value that the kind forbids",
      "kubernetes:core/v1:ServiceAccount",
      { metadata: named("Not_A_Name") },
      [
        {
          property: "metadata.name",
          reason: expect.stringMatching(/^Invalid value: "Not_A_Name": a lowercase RFC 1123/),
        },
      ],
    ],
    [
      "a value of the wrong type",
      CONFIG_MAP,
      { metadata: named("x"), data: { a: 1 } },
      [
        {
          property: "",
          reason: expect.stringMatching(/^ConfigMap "refusals\/x": .*cannot unmarshal number .*data/),
        },
      ],
    ],
    [
      "an annotation that the stand-in does not obey",
      CONFIG_MAP,
      { metadata: named("x", { "pulumi.com/waitFor": "condition=Ready" }) },
      [
        {
          property: 'metadata.annotations["pulumi.com/waitFor"]',
          reason: expect.stringMatching(
            /^the stand-in does not know the annotation pulumi\.com\/waitFor; it knows /,
          ),
        },
      ],
    ],
    [
      "a generated name",
      CONFIG_MAP,
      { metadata: { generateName: "x-" } },
      [
        {
          property: "metadata.generateName",
          reason: "generateName does not go with server-side apply; give a name, or leave both out",
        },
      ],
    ],
    [
      "another kind than its type",
      CONFIG_MAP,
      { kind: "Secret", apiVersion: "v2", metadata: named("x") },
      [
        { property: "apiVersion", reason: 'apiVersion must be v1 for this resource type, not "v2"' },
        { property: "kind", reason: 'kind must be ConfigMap for this resource type, not "Secret"' },
      ],
    ],
  ])("with %s are refused at preview", async (_case, token, inputs, failures) => {
    expect(
      (await plugin.check(token, inputs)).failures.sort((a, b) => a.property.localeCompare(b.property)),
    ).toEqual(failures);
  });

  it("of a patch with an unknown field are refused at preview", async () => {
    const container = { name: "manager", image: "controller:1" };
    const template = { metadata: { labels: { app: "x" } }, spec: { containers: [container] } };
    const spec = { selector: { matchLabels: { app: "x" } }, template };
    const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: named("patched"), spec };
    await cluster.kubectl(["apply", "-f", "-"], JSON.stringify(deployment));
    const patch = { spec: { template: { spec: { containers: [{ name: "manager", arg: ["x"] }] } } } };
    const { failures } = await plugin.check("kubernetes:apps/v1:DeploymentPatch", {
      metadata: named("patched"),
      ...patch,
    });
    expect(failures).toEqual([
      {
        property: expect.stringMatching(/^spec\.template\.spec\.containers.*arg$/),
        reason: expect.stringMatching(/^Deployment \(apps\/v1\) has no field /),
      },
    ]);
  });

  it("that are not all known yet pass, and are judged at create", async () => {
    const { failures } = await plugin.check(CONFIG_MAP, {
      metadata: named("late"),
      data: { a: UNKNOWN },
      dta: {},
    });
    expect(failures).toEqual([]);
    await expect(plugin.createUnchecked(CONFIG_MAP, { metadata: named("late"), dta: {} })).rejects.toThrow(
      /^ConfigMap "refusals\/late": .*unknown field "dta"$/,
    );
  });

  it("for a namespace that is still to be made pass at preview", async () => {
    const inputs = { metadata: { name: "x", namespace: "later" } };
    expect((await plugin.check(CONFIG_MAP, inputs)).failures).toEqual([]);
    await expect(plugin.create(CONFIG_MAP, inputs)).rejects.toThrow(
      'ConfigMap "later/x": namespaces "later" not found',
    );
  });

  it("of a kind that the cluster does not know are refused at create", async () => {
    const token = "kubernetes:source.toolkit.fluxcd.io/v9:GitRepository";
    await expect(plugin.create(token, { metadata: named("x") })).rejects.toThrow(
      "the API server knows no kind GitRepository in source.toolkit.fluxcd.io/v9; install its CustomResourceDefinition first, or mend the apiVersion",
    );
    await expect(plugin.create("kubernetes:yaml:ConfigFile", {})).rejects.toThrow(
      /has no resource type kubernetes:yaml:ConfigFile/,
    );
  });
});

describe("rights", () => {
  it("that a user lacks are named in one line, by the server", async () => {
    const strangers = await Plugin.start({ kubeconfig: cluster.strangersKubeconfig });
    try {
      const inputs = { metadata: named("x"), data: {} };
      await expect(strangers.create(CONFIG_MAP, inputs)).rejects.toThrow(
        'ConfigMap "refusals/x": configmaps is forbidden: User "stranger" cannot create resource "configmaps" in API group "" in the namespace "refusals"',
      );
      const made = await plugin.create(CONFIG_MAP, inputs);
      const denied = (verb: string) => `User "stranger" cannot ${verb} resource "configmaps"`;
      await expect(strangers.read(made)).rejects.toThrow(denied("get"));
      await expect(strangers.update(made, { ...made.inputs, data: { a: "1" } })).rejects.toThrow(
        denied("get"),
      );
      await letWatch("configmaps");
      await expect(strangers.delete(made)).rejects.toThrow(denied("delete"));
      expect((await plugin.read(made))?.inputs).toEqual(made.inputs);
    } finally {
      await strangers.stop();
    }
  });

  it("to watch what the official plugin would wait for are asked for before anything is done", async () => {
    const strangers = await Plugin.start({ kubeconfig: cluster.strangersKubeconfig });
    try {
      const made = await plugin.create(SECRET, { metadata: named("watched") });
      await expect(strangers.delete(made)).rejects.toThrow(
        'may not list secrets in the namespace "refusals", without which the official plugin would wait for ever; grant list and watch there',
      );
      const rollout = /may not (list|watch) (deployments|replicasets|pods|persistentvolumeclaims) in/;
      const deployment = { metadata: named("rolled"), spec: {} };
      const create = () => strangers.createUnchecked("kubernetes:apps/v1:Deployment", deployment);
      await expect(create()).rejects.toThrow(rollout);
      expect((await plugin.read(made))?.inputs).toEqual(made.inputs);
    } finally {
      await strangers.stop();
    }
  });

  it("to write are of no need in a preview", async () => {
    const strangers = await Plugin.start({ kubeconfig: cluster.strangersKubeconfig });
    try {
      const misspelt = { metadata: named("foreseen"), data: { a: "1" }, dta: {} };
      expect((await strangers.check(CONFIG_MAP, misspelt)).failures).toEqual([]);
      const patch = { metadata: named("patched"), spec: { replicas: 2 } };
      expect((await strangers.check("kubernetes:apps/v1:DeploymentPatch", patch)).failures).toEqual([]);
    } finally {
      await strangers.stop();
    }
  });

  async function letWatch(resource: string): Promise<void> {
    const words = ["-n", AREA, "create"];
    await cluster.kubectl([...words, "role", "watcher", "--verb=list,watch", `--resource=${resource}`]);
    await cluster.kubectl([...words, "rolebinding", "watcher", "--role=watcher", "--user=stranger"]);
  }
});

describe("secrets", () => {
  it("are marked in what comes back, and are in no refusal", async () => {
    const given = { metadata: named("marked"), stringData: { word: "sesame" } };
    const { inputs } = await plugin.check(SECRET, given);
    expect(await plugin.secretsOfCreate(SECRET, inputs)).toContain("data");
    const spoilt = { metadata: named("spoilt"), data: { word: "sesame!" } };
    const { failures } = await plugin.check(SECRET, spoilt);
    expect(failures).toHaveLength(1);
    expect(JSON.stringify(failures)).not.toContain("sesame");
  });

  it("of a service account wait for their token, and say when none comes", async () => {
    const annotations = { "kubernetes.io/service-account.name": "nobody", "pulumi.com/timeoutSeconds": "1" };
    const type = "kubernetes.io/service-account-token";
    await cluster.kubectl(["-n", AREA, "create", "serviceaccount", "nobody"]);
    const error = await plugin
      .create(SECRET, { metadata: named("empty", annotations), type })
      .catch((reason) => reason);
    expect(error.message).toBe(
      'Secret "refusals/empty": no token appeared within 1 s; does its service account exist, and is the token controller running?',
    );
    expect(error.cause.metadata.get("grpc-status-details-bin")).toHaveLength(1);

    const patient = { ...annotations, "pulumi.com/timeoutSeconds": "30" };
    const making = plugin.create(SECRET, { metadata: named("filled", patient), type });
    await sleep(200);
    await fill("filled");
    expect((await making).outputs.data).toEqual({ token: "dG9rZW4=" });
  });

  async function fill(name: string): Promise<void> {
    const patch = JSON.stringify({ data: { token: "dG9rZW4=" } });
    for (let attempt = 1; ; attempt++) {
      try {
        await cluster.kubectl(["-n", AREA, "patch", "secret", name, "-p", patch]);
        return;
      } catch (error) {
        if (attempt === 50) throw error;
        await sleep(100);
      }
    }
  }
});

describe("deletion", () => {
  it("that a finalizer holds up ends in one line", async () => {
    const annotations = { "pulumi.com/timeoutSeconds": "1" };
    const made = await plugin.create(CONFIG_MAP, {
      metadata: { ...named("held", annotations), finalizers: ["test/hold"] },
    });
    await expect(plugin.delete(made)).rejects.toThrow(
      'ConfigMap "refusals/held": still there 1 s after its deletion was asked for (held by the finalizers test/hold); is the controller running that ends it?',
    );
    await cluster.kubectl([
      "-n",
      AREA,
      "patch",
      "configmap",
      "held",
      "--type=json",
      "-p",
      '[{"op":"remove","path":"/metadata/finalizers"}]',
    ]);
    await plugin.delete(made);
  });
});

describe("preview", () => {
  it("shows the inputs as the outputs to be, and makes nothing", async () => {
    const { inputs } = await plugin.check(CONFIG_MAP, { metadata: named("dry"), data: { a: "1" } });
    const { values } = await plugin.previewCreate(CONFIG_MAP, inputs);
    expect(values).toEqual(inputs);
    await expect(cluster.json("-n", AREA, "configmap", "dry")).rejects.toThrow(/not found/);
  });
});
