import { describe, expect, it } from "vitest";
import type { PlainMap } from "../../../sandbox/providers/engine/resource-type";
import { importedInputs, liveInputs } from "../../../sandbox/providers/kubernetes/live-inputs";

const containerKeys = { "f:spec": { "f:containers": { 'k:{"name":"app"}': { "f:args": {} } } } };
const owned = (fieldsV1: PlainMap): PlainMap => ({
  managedFields: [{ manager: "anyone", operation: "Apply", fieldsV1 }],
});

describe("liveInputs", () => {
  it("shows what became of our fields, and of no others", () => {
    const inputs = { data: { a: "1", gone: "1" } };
    const recorded = { data: { a: "1", gone: "1", theirs: "0" } };
    const live = { data: { a: "2", theirs: "9" }, status: "busy" };
    expect(liveInputs(inputs, recorded, live)).toEqual({ data: { a: "2" } });
  });

  it("keeps the program's spelling where nothing has happened", () => {
    const inputs = { spec: { ingress: [], cpu: "1000m", hostNetwork: false } };
    const server = { spec: { cpu: "1", podSelector: {} } };
    expect(liveInputs(inputs, server, server)).toEqual(inputs);
  });

  it("shows a switch that somebody removed", () => {
    const inputs = { automountServiceAccountToken: false };
    expect(liveInputs(inputs, { automountServiceAccountToken: false }, {})).toEqual({});
  });

  it("finds list items by their keys, wherever they stand now", () => {
    const inputs = { spec: { containers: [{ name: "app", args: ["--a"] }] } };
    const recorded = { spec: { containers: [{ name: "app", args: ["--a"], image: "x" }] } };
    const live = {
      metadata: owned(containerKeys),
      spec: { containers: [{ name: "sidecar" }, { name: "app", args: ["--b"], image: "x" }] },
    };
    expect(liveInputs(inputs, recorded, live)).toEqual({
      spec: { containers: [{ name: "app", args: ["--b"] }] },
    });
  });

  it("drops a list item that is gone", () => {
    const inputs = { spec: { containers: [{ name: "app" }] } };
    const live = { metadata: owned(containerKeys), spec: { containers: [{ name: "other" }] } };
    expect(liveInputs(inputs, inputs, live)).toEqual({ spec: { containers: [] } });
  });

  it("shows all of an atomic list, but only our part of each known item", () => {
    const inputs = { rules: [{ ports: 53 }] };
    const recorded = { rules: [{ ports: 53, protocol: "TCP" }] };
    const live = {
      rules: [
        { ports: 54, protocol: "TCP" },
        { ports: 80, protocol: "TCP" },
      ],
    };
    expect(liveInputs(inputs, recorded, live)).toEqual({
      rules: [{ ports: 54 }, { ports: 80, protocol: "TCP" }],
    });
  });

  it("keeps only our own members of a set", () => {
    const inputs = { metadata: { finalizers: ["mine"] } };
    const fields = { "f:metadata": { "f:finalizers": { 'v:"mine"': {}, 'v:"theirs"': {} } } };
    const live = { metadata: { ...owned(fields), finalizers: ["theirs", "mine"] } };
    expect(liveInputs(inputs, inputs, live)).toEqual(inputs);
  });
});

describe("importedInputs", () => {
  it("has what people set, without the server's marks and the controllers' reports", () => {
    const live = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "x",
        namespace: "n",
        uid: "u",
        resourceVersion: "1",
        creationTimestamp: "now",
        labels: { a: "b" },
        annotations: { "deployment.kubernetes.io/revision": "3" },
        managedFields: [
          {
            manager: "m",
            operation: "Update",
            fieldsV1: { "f:metadata": { "f:labels": { "f:a": {} } }, "f:data": { "f:k": {} } },
          },
          { manager: "c", operation: "Update", subresource: "status", fieldsV1: { "f:status": {} } },
        ],
      },
      data: { k: "v", defaulted: "d" },
      status: { ready: true },
    };
    expect(importedInputs(live)).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "x", namespace: "n", labels: { a: "b" } },
      data: { k: "v" },
    });
  });
});
