import { describe, expect, it } from "vitest";
import { type PlainMap, UNKNOWN } from "../../../sandbox/providers/engine/resource-type";
import { objectDifference } from "../../../sandbox/providers/kubernetes/object-diff";
import { DEFAULT_SETTINGS, type Settings } from "../../../sandbox/providers/kubernetes/settings";
import { parseTypeToken, type TypeToken } from "../../../sandbox/providers/kubernetes/type-token";

const IN_PLACE: Settings = { ...DEFAULT_SETTINGS, enableSecretMutable: true, enableConfigMapMutable: true };

function difference(token: string, before: PlainMap, after: PlainMap, settings = DEFAULT_SETTINGS) {
  const { changes, deleteBeforeReplace = false } = objectDifference(
    parseTypeToken(token) as TypeToken,
    settings,
    { metadata: { name: "x", namespace: "n" }, ...before },
    { metadata: { name: "x", namespace: "n" }, ...after },
  );
  return { changes: Object.fromEntries(changes), deleteBeforeReplace };
}

const SECRET = "kubernetes:core/v1:Secret";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const BINDING = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";
const PATCH = "kubernetes:apps/v1:DeploymentPatch";

describe("a difference", () => {
  it.each<[string, string, PlainMap, PlainMap, Settings, Record<string, string>]>([
    [
      "a Secret's data",
      SECRET,
      { data: { a: "MQ==" } },
      { data: { a: "Mg==" } },
      DEFAULT_SETTINGS,
      { "data.a": "replace" },
    ],
    [
      "a mutable Secret's data",
      SECRET,
      { data: { a: "MQ==" } },
      { data: { a: "Mg==" } },
      IN_PLACE,
      { "data.a": "update" },
    ],
    ["a mutable Secret's type", SECRET, { type: "a" }, { type: "b" }, IN_PLACE, { type: "replace" }],
    [
      "an immutable Secret's data",
      SECRET,
      { immutable: true, data: { a: "MQ==" } },
      { immutable: true, data: { a: "Mg==" } },
      IN_PLACE,
      { "data.a": "replace" },
    ],
    [
      "the same value, moved to data",
      SECRET,
      { stringData: { a: "1" } },
      { data: { a: "MQ==" } },
      DEFAULT_SETTINGS,
      {},
    ],
    [
      "a ConfigMap's data",
      CONFIG_MAP,
      { data: { "a.b": "1" } },
      { data: { "a.b": "2" } },
      DEFAULT_SETTINGS,
      { 'data["a.b"]': "replace" },
    ],
    [
      "a mutable ConfigMap's data",
      CONFIG_MAP,
      { data: { a: "1" } },
      { data: {} },
      IN_PLACE,
      { "data.a": "update" },
    ],
    ["a ConfigMap's labels", CONFIG_MAP, {}, { immutable: false }, DEFAULT_SETTINGS, { immutable: "update" }],
    [
      "a binding's role",
      BINDING,
      { roleRef: { name: "a" } },
      { roleRef: { name: "b" } },
      DEFAULT_SETTINGS,
      { "roleRef.name": "replace" },
    ],
    [
      "a patch's selector",
      PATCH,
      { spec: { selector: 1 } },
      { spec: { selector: 2 } },
      DEFAULT_SETTINGS,
      { "spec.selector": "update" },
    ],
    [
      "a value not known yet",
      CONFIG_MAP,
      { data: { a: "1" } },
      { data: { a: UNKNOWN } },
      IN_PLACE,
      { "data.a": "update" },
    ],
    ["null for nothing", CONFIG_MAP, {}, { immutable: null }, DEFAULT_SETTINGS, {}],
  ])("of %s", (_case, token, before, after, settings, changes) => {
    const replaces = Object.values(changes).includes("replace");
    expect(difference(token, before, after, settings)).toEqual({ changes, deleteBeforeReplace: replaces });
  });

  it("makes the new one first when the name, or the namespace, is another", () => {
    const moved = (metadata: PlainMap) => difference(CONFIG_MAP, {}, { metadata });
    expect(moved({ name: "y", namespace: "n" })).toEqual({
      changes: { "metadata.name": "replace" },
      deleteBeforeReplace: false,
    });
    expect(moved({ name: "x", namespace: "m" })).toEqual({
      changes: { "metadata.namespace": "replace" },
      deleteBeforeReplace: false,
    });
  });

  it("takes no namespace for the namespace default", () => {
    const before = { metadata: { name: "x" } };
    expect(difference(CONFIG_MAP, before, { metadata: { name: "x", namespace: "default" } }).changes).toEqual(
      {},
    );
  });
});

describe("a type token", () => {
  it.each([
    ["kubernetes:core/v1:Secret", { apiVersion: "v1", kind: "Secret", patch: false }],
    ["kubernetes:apps/v1:DeploymentPatch", { apiVersion: "apps/v1", kind: "Deployment", patch: true }],
    [
      "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository",
      { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", patch: false },
    ],
  ])("%s", (token, meaning) => expect(parseTypeToken(token)).toEqual(meaning));

  it.each(["kubernetes:yaml:ConfigFile", "vault:index/mount:Mount", "pulumi:providers:kubernetes"])(
    "%s is none",
    (token) => expect(parseTypeToken(token)).toBeUndefined(),
  );
});
