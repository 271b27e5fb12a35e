import { describe, expect, it } from "vitest";
import type { PlainMap } from "../../../sandbox/providers/engine/resource-type";
import { everybodysFields, extract, takeOver } from "../../../sandbox/providers/kubernetes/managed-fields";

function entry(manager: string, operation: string, fieldsV1: PlainMap, more: PlainMap = {}): PlainMap {
  return { manager, operation, apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1, ...more };
}

function live(...managedFields: PlainMap[]): PlainMap {
  return { metadata: { name: "x", managedFields } };
}

describe("extract", () => {
  it("takes fields, whole values and nothing else", () => {
    const object = { data: { a: "1", b: "2" }, spec: { deep: { x: 1, y: 2 }, whole: { z: 3 } }, other: true };
    const tree = { "f:data": { ".": {}, "f:a": {} }, "f:spec": { "f:deep": { "f:x": {} }, "f:whole": {} } };
    expect(extract(object, tree)).toEqual({ data: { a: "1" }, spec: { deep: { x: 1 }, whole: { z: 3 } } });
  });

  it("takes list items by key, by value and by place", () => {
    const object = {
      containers: [
        { name: "a", image: "a:1", args: ["x"] },
        { name: "b", image: "b:1" },
      ],
      finalizers: ["mine", "theirs"],
      places: ["zero", "one"],
    };
    const tree = {
      "f:containers": { 'k:{"name":"a"}': { ".": {}, "f:name": {}, "f:args": {} } },
      "f:finalizers": { 'v:"mine"': {} },
      "f:places": { "i:1": {} },
    };
    expect(extract(object, tree)).toEqual({
      containers: [{ name: "a", args: ["x"] }],
      finalizers: ["mine"],
      places: ["one"],
    });
  });

  it("leaves out what is owned but no longer there", () => {
    expect(extract({ data: {} }, { "f:data": { "f:a": {} }, "f:spec": { "f:b": {} } })).toEqual({ data: {} });
  });
});

it("everybody's fields are those of all managers, without sub-resources", () => {
  const object = live(
    entry("a", "Apply", { "f:data": { "f:x": {} } }),
    entry("b", "Update", { "f:data": { "f:y": {} } }),
    entry("controller", "Update", { "f:status": {} }, { subresource: "status" }),
  );
  expect(everybodysFields(object)).toEqual({ "f:data": { "f:x": {}, "f:y": {} } });
});

describe("takeOver", () => {
  it("makes our create's entry the applier's own", () => {
    const object = live(entry("pulumi-kubernetes", "Update", { "f:data": { "f:a": {} } }));
    expect(takeOver(object, "pulumi-kubernetes-1")).toEqual([
      entry("pulumi-kubernetes-1", "Apply", { "f:data": { "f:a": {} } }),
    ]);
  });

  it("adds what kubectl changed to what is ours, and leaves strangers alone", () => {
    const stranger = entry("helm", "Update", { "f:metadata": {} });
    const status = entry("kubectl-edit", "Update", { "f:status": {} }, { subresource: "status" });
    const object = live(
      entry("ours", "Apply", { "f:data": { "f:a": {} } }),
      stranger,
      entry("kubectl-edit", "Update", { "f:data": { "f:b": {} } }),
      status,
    );
    expect(takeOver(object, "ours")).toEqual([
      stranger,
      status,
      entry("ours", "Apply", { "f:data": { "f:a": {}, "f:b": {} } }),
    ]);
  });

  it("has nothing to do where only strangers wrote", () => {
    expect(takeOver(live(entry("helm", "Apply", {})), "ours")).toBeUndefined();
    expect(takeOver({ metadata: {} }, "ours")).toBeUndefined();
  });

  it("does not take its own applied fields for a forerunner's", () => {
    expect(takeOver(live(entry("kubectl-mine", "Apply", { "f:data": {} })), "kubectl-mine")).toBeUndefined();
  });
});
