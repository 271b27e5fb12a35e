import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RelayDeployment } from "../../components/azure/relay-deployment";
import { ControlPlane } from "../providers/kubernetes/support/control-plane";
import { build } from "../unit/harness";

const NAMESPACE = "relay-prod";

type PlainObject = Record<string, unknown>;

let plane: ControlPlane;

beforeAll(async () => {
  plane = await ControlPlane.start();
});

afterAll(async () => {
  await plane.stop();
});

/** The objects that the component declares, the namespace first. */
async function objects(): Promise<readonly PlainObject[]> {
  const { children } = await build(
    () =>
      new RelayDeployment("azure-relay", {
        namespace: NAMESPACE,
        image: "registry.example.com/sopsloop:1.0.0",
        storageClass: "premium",
        claimsSize: "1Gi",
        url: "https://relay.example.com",
        settings: { GITLAB_URL: "https://gitlab.example.com" },
        secrets: { GITLAB_TRIGGER_TOKEN: pulumi.secret("the-trigger-token") },
        caPem: pulumi.output("the-ca"),
        ports: [443, 8443],
      }),
  );
  const made = children.filter(({ type }) => type.startsWith("kubernetes:")).map(({ inputs }) => inputs);
  const isNamespace = (object: PlainObject) => Number(object.kind === "Namespace");
  return made.map(withoutMark).sort((a, b) => isNamespace(b) - isNamespace(a));
}

/** A secret's data as the provider sends them: without Pulumi's mark around them. */
function withoutMark(object: PlainObject): PlainObject {
  const { data } = object as { data?: { value?: unknown } };
  return object.kind === "Secret" ? { ...object, data: data?.value } : object;
}

function apply(made: readonly PlainObject[]): Promise<string> {
  const list = { apiVersion: "v1", kind: "List", items: made };
  const args = ["apply", "--server-side", "--validate=strict", "-f", "-"];
  return plane.kubectl(args, JSON.stringify(list));
}

/** Asks whether a pod of the Deployment would be let into its namespace. */
async function admitted(change: (spec: PlainObject) => PlainObject = (spec) => spec): Promise<string> {
  const deployment = await plane.json("deployment", "sopsloop-relay", "-n", NAMESPACE);
  const { template } = deployment.spec as { template: { metadata: PlainObject; spec: PlainObject } };
  const metadata = { ...template.metadata, name: "relay", namespace: NAMESPACE };
  const pod = { apiVersion: "v1", kind: "Pod", metadata, spec: change(template.spec) };
  return plane.kubectl(["create", "--dry-run=server", "-f", "-"], JSON.stringify(pod));
}

test("the API server takes every field of it, and finds nothing to change the second time", async () => {
  const made = await objects();
  expect(made).toHaveLength(11);
  await apply(made);
  const live = () =>
    Promise.all(
      made.map(async ({ kind, metadata }) => {
        const { name, namespace } = metadata as { name: string; namespace?: string };
        const found = await plane.json(String(kind), name, ...(namespace ? ["-n", namespace] : []));
        // The server writes a claim anew when nothing in it has changed.
        return { ...found, metadata: { ...(found.metadata as PlainObject), resourceVersion: "" } };
      }),
    );
  const before = await live();
  await apply(made);
  expect(await live()).toEqual(before);
});

test("its pod is let into a namespace that only takes hardened ones", async () => {
  expect(await admitted()).toContain("pod/relay created");
  const soft = admitted((spec) => ({ ...spec, securityContext: {} }));
  await expect(soft).rejects.toThrow('violates PodSecurity "restricted:latest"');
});
