import { expect, it } from "vitest";
import { type PlainMap, type PlainValue, UNKNOWN } from "../../../sandbox/providers/engine/resource-type";
import { nameOf, parseId } from "../../../sandbox/providers/kubernetes/manifest";
import { newFieldManager, withName } from "../../../sandbox/providers/kubernetes/naming";

it("an unnamed object gets a name, keeps it, and says that it may be renamed", () => {
  const first = withName({ data: {} }, undefined, "ConfigMap");
  expect(nameOf(first)).toMatch(/^configmap-[0-9a-f]{8}$/);
  expect(first.metadata).toMatchObject({ annotations: { "pulumi.com/autonamed": "true" } });
  expect(withName({ data: {} }, first, "ConfigMap")).toEqual(first);
  expect(nameOf(withName({ data: {} }, undefined, "ConfigMap"))).not.toBe(nameOf(first));
});

it("a named object, and one whose name is not known yet, stay as they are", () => {
  const names: PlainValue[] = ["mine", UNKNOWN];
  for (const name of names) {
    const inputs: PlainMap = { metadata: { name } };
    expect(withName(inputs, undefined, "Secret")).toBe(inputs);
  }
});

it("an object that had a name of its own gets a new one when the program drops it", () => {
  const next = withName({ metadata: {} }, { metadata: { name: "mine" } }, "Secret");
  expect(nameOf(next)).toMatch(/^secret-[0-9a-f]{8}$/);
});

it("each resource has a field manager of its own", () => {
  expect(newFieldManager()).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
  expect(newFieldManager()).not.toBe(newFieldManager());
});

it.each([
  ["web", { name: "web" }],
  ["flux-system/web", { namespace: "flux-system", name: "web" }],
])("the id %s is read", (id, parts) => expect(parseId(id)).toEqual(parts));

it.each(["", "/web", "ns/", "a/b/c"])('the id "%s" is refused', (id) => {
  expect(() => parseId(id)).toThrow(
    `"${id}" is no id of a Kubernetes object; write namespace/name, or name for a cluster-wide kind`,
  );
});
