import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlainMap } from "../../../sandbox/providers/engine/resource-type";
import { ControlPlane } from "./support/control-plane";
import { Plugin, type Resource } from "./support/plugin";

/** One kind through its whole life: made, read, changed in place, and what of it cannot be changed in place. */
interface Life {
  readonly token: string;
  readonly inputs: PlainMap;
  readonly changed: PlainMap;
  /** Paths of the change. */
  readonly paths: readonly string[];
  /** A change that costs a replacement, with the path that says so. */
  readonly replaced: PlainMap;
  readonly because: string;
}

const AREA = "kinds";
const named = (name: string, more: PlainMap = {}): PlainMap => ({ name, namespace: AREA, ...more });
const rule = (verb: string): PlainMap => ({ apiGroups: [""], resources: ["secrets"], verbs: [verb] });
const roleRef = (kind: string, name: string): PlainMap => ({
  apiGroup: "rbac.authorization.k8s.io",
  kind,
  name,
});
const subject = (name: string): PlainMap => ({ kind: "ServiceAccount", name, namespace: AREA });

/** Changes the name, for kinds of which nothing else is fixed. */
function lifeOf(token: string, inputs: PlainMap, changed: PlainMap, paths: readonly string[]): Life {
  const { metadata } = inputs as { metadata: PlainMap };
  const replaced = { ...inputs, metadata: { ...metadata, name: `${String(metadata.name)}-two` } };
  return { token, inputs, changed: { ...inputs, ...changed }, paths, replaced, because: "metadata.name" };
}

function bindingLife(kind: "Role" | "ClusterRole", metadata: PlainMap): Life {
  const token = `kubernetes:rbac.authorization.k8s.io/v1:${kind}Binding`;
  const inputs = { metadata, roleRef: roleRef(kind, "reader"), subjects: [subject("reader")] };
  return {
    ...lifeOf(token, inputs, { subjects: [subject("reader"), subject("second")] }, ["subjects[1]"]),
    replaced: { ...inputs, roleRef: roleRef(kind, "writer") },
    because: "roleRef.name",
  };
}

const LIVES: readonly Life[] = [
  lifeOf(
    "kubernetes:core/v1:Namespace",
    { metadata: { name: "kinds-made" } },
    { metadata: { name: "kinds-made", labels: { a: "b" } } },
    ["metadata.labels"],
  ),
  lifeOf(
    "kubernetes:core/v1:ServiceAccount",
    { metadata: named("account"), automountServiceAccountToken: false },
    { automountServiceAccountToken: true },
    ["automountServiceAccountToken"],
  ),
  lifeOf(
    "kubernetes:core/v1:ConfigMap",
    { metadata: named("config"), data: { a: "1" } },
    { data: { a: "2", b: "3" } },
    ["data.a", "data.b"],
  ),
  {
    ...lifeOf(
      "kubernetes:core/v1:Secret",
      { metadata: named("secret"), type: "Opaque", stringData: { a: "one" } },
      { stringData: { a: "two" } },
      ["stringData.a"],
    ),
    replaced: { metadata: named("secret"), type: "kubernetes.io/basic-auth", stringData: { a: "one" } },
    because: "type",
  },
  lifeOf(
    "kubernetes:rbac.authorization.k8s.io/v1:Role",
    { metadata: named("role"), rules: [rule("get")] },
    { rules: [rule("list")] },
    ["rules[0].verbs[0]"],
  ),
  lifeOf(
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
    { metadata: { name: "kinds" }, rules: [rule("get")] },
    { rules: [] },
    ["rules[0]"],
  ),
  bindingLife("Role", named("binding")),
  bindingLife("ClusterRole", { name: "kinds" }),
  lifeOf(
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    {
      metadata: named("policy"),
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [],
        egress: [{ ports: [{ port: 53 }] }],
      },
    },
    {
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [],
        egress: [{ ports: [{ port: 54 }] }],
      },
    },
    ["spec.egress[0].ports[0].port"],
  ),
  lifeOf(
    "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository",
    {
      metadata: named("deploy"),
      spec: { url: "http://localhost/deploy.git", interval: "1m", ref: { branch: "main" } },
    },
    { spec: { url: "http://localhost/deploy.git", interval: "2m", ref: { branch: "main" } } },
    ["spec.interval"],
  ),
  lifeOf(
    "kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization",
    {
      metadata: named("deploy"),
      spec: {
        interval: "10m",
        prune: true,
        sourceRef: { kind: "GitRepository", name: "deploy" },
        path: "./a",
      },
    },
    {
      spec: {
        interval: "10m",
        prune: true,
        sourceRef: { kind: "GitRepository", name: "deploy" },
        path: "./b",
      },
    },
    ["spec.path"],
  ),
  lifeOf(
    "kubernetes:notification.toolkit.fluxcd.io/v1beta3:Provider",
    { metadata: named("chat"), spec: { type: "generic", secretRef: { name: "chat" } } },
    { spec: { type: "slack", channel: "deploys", secretRef: { name: "chat" } } },
    ["spec.channel", "spec.type"],
  ),
  lifeOf(
    "kubernetes:notification.toolkit.fluxcd.io/v1beta3:Alert",
    {
      metadata: named("deploy"),
      spec: {
        providerRef: { name: "chat" },
        eventSeverity: "error",
        eventSources: [{ kind: "Kustomization", name: "*" }],
      },
    },
    {
      spec: {
        providerRef: { name: "chat" },
        eventSeverity: "info",
        eventSources: [{ kind: "Kustomization", name: "*" }],
      },
    },
    ["spec.eventSeverity"],
  ),
  // Not in the table of known kinds: the API server is asked where they are.
  lifeOf(
    "kubernetes:coordination.k8s.io/v1:Lease",
    { metadata: named("lease"), spec: { holderIdentity: "a" } },
    { spec: { holderIdentity: "b" } },
    ["spec.holderIdentity"],
  ),
  lifeOf(
    "kubernetes:scheduling.k8s.io/v1:PriorityClass",
    { metadata: { name: "kinds" }, value: 10 },
    { value: 10, description: "ten" },
    ["description"],
  ),
];

let cluster: ControlPlane;
let plugin: Plugin;

beforeAll(async () => {
  cluster = await ControlPlane.start();
  for (const controller of ["source-controller", "kustomize-controller", "notification-controller"]) {
    await cluster.installFluxKinds(controller);
  }
  await cluster.kubectl(["create", "namespace", AREA]);
  plugin = await Plugin.start({
    kubeconfig: cluster.kubeconfig,
    enableServerSideApply: "true",
    enableSecretMutable: "true",
    enableConfigMapMutable: "true",
  });
});

afterAll(async () => {
  await plugin?.stop();
  await cluster?.stop();
});

describe.each(LIVES)("$token", ({ token, inputs, changed, paths, replaced, because }) => {
  let resource: Resource;
  const kubectlName = (): string[] => {
    const [namespace, name] = resource.id.includes("/") ? resource.id.split("/") : [undefined, resource.id];
    const { apiVersion, kind } = resource.outputs as { apiVersion: string; kind: string };
    const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
    return [`${kind}.${version}.${group}`, String(name), ...(namespace ? ["-n", namespace] : [])];
  };

  it("is created as declared, and shows as unchanged", async () => {
    resource = await plugin.create(token, inputs);
    const live = await cluster.json(...kubectlName());
    expect(live).toMatchObject({ metadata: { name: resource.id.split("/").at(-1) } });
    expect(resource.outputs.metadata).toMatchObject({ uid: (live.metadata as PlainMap).uid });
    const { inputs: again } = await plugin.check(token, inputs, resource.inputs);
    expect(await plugin.diff(resource, again)).toEqual({ changes: {}, deletesFirst: false });
  });

  it("reads back as it was declared, whatever the server filled in", async () => {
    const read = await plugin.read(resource);
    expect(read?.inputs).toEqual(resource.inputs);
    expect(read?.id).toBe(resource.id);
  });

  it("is changed in place", async () => {
    const checked = await plugin.check(token, changed, resource.inputs);
    expect(checked.failures).toEqual([]);
    const { changes, deletesFirst } = await plugin.diff(resource, checked.inputs);
    expect(Object.keys(changes).sort()).toEqual(paths);
    expect(Object.values(changes).filter((kind) => kind.endsWith("REPLACE"))).toEqual([]);
    expect(deletesFirst).toBe(false);
    const uid = (resource.outputs.metadata as PlainMap).uid;
    resource = await plugin.update(resource, checked.inputs);
    expect((resource.outputs.metadata as PlainMap).uid).toBe(uid);
    expect((await plugin.read(resource))?.inputs).toEqual(checked.inputs);
  });

  it("can be imported by its id", async () => {
    const imported = await plugin.import(token, resource.id);
    const { metadata, ...rest } = imported?.inputs ?? {};
    expect(metadata).toMatchObject((resource.inputs.metadata ?? {}) as Record<string, unknown>);
    expect(Object.keys(metadata as PlainMap)).not.toContain("uid");
    expect(Object.keys(rest)).not.toContain("status");
    expect(await plugin.import(token, `${resource.id}-not`)).toBeUndefined();
  });

  it("is replaced where it cannot be changed", async () => {
    const { inputs: next } = await plugin.check(token, replaced, resource.inputs);
    const { changes, deletesFirst } = await plugin.diff(resource, next);
    expect(changes).toMatchObject({ [because]: expect.stringMatching(/_REPLACE$/) });
    expect(deletesFirst).toBe(because !== "metadata.name");
  });

  it("is deleted, and deleting it again is no error", async () => {
    if (token === "kubernetes:core/v1:Namespace") {
      // No controller runs here that would empty the namespace: take its finalizer off in that controller's place.
      await cluster.kubectl(["delete", "namespace", resource.id, "--wait=false"]);
      const body = JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: resource.id } });
      await cluster.kubectl(
        ["replace", "--raw", `/api/v1/namespaces/${resource.id}/finalize`, "-f", "-"],
        body,
      );
    }
    await plugin.delete(resource);
    await expect(cluster.json(...kubectlName())).rejects.toThrow(/not found/);
    await plugin.delete(resource);
    expect(await plugin.read(resource)).toBeUndefined();
  });
});
