import { describe, expect, test } from "vitest";
import { readPreview } from "../../../../../cli/preview-comment/preview/read-preview";
import { digestOf, eventsOf, type TestPreview, UNKNOWN } from "../support/engine";
import { FORMS, RECORDED, recorded } from "../support/recorded";

const read = (text: string) => readPreview(text, "preview.json");
const forms = [
  { form: "digest", print: digestOf },
  { form: "events", print: eventsOf },
];

describe("both forms of what the engine printed", () => {
  test.each(RECORDED)("%s: the same changes, counts and failure", (name) => {
    const [digest, events] = [read(recorded(name, "digest")), read(recorded(name, "events"))];
    expect(events.changes).toEqual(digest.changes);
    expect(events.unchanged).toBe(digest.unchanged);
    expect(events.stack).toBe("loop/dev");
    expect(events.failure).toBe(digest.failure);
    expect(events.outputs.before).toEqual(digest.outputs.before);
  });

  test("roles: what becomes of which resource, in a fixed order", () => {
    const { changes, unchanged, failure } = read(recorded("roles", "events"));
    expect(changes.map(({ kind, type, name }) => [kind, type, name])).toEqual([
      ["delete", "vault:kubernetes/authBackendRole:AuthBackendRole", "flux-role-team-a_flux"],
      [
        "update",
        "vault:kubernetes/authBackendRole:AuthBackendRole",
        "flux-role-flux-system_kustomize-controller",
      ],
      ["create", "vault:kubernetes/authBackendRole:AuthBackendRole", "flux-role-ops_flux"],
    ]);
    expect([unchanged, failure]).toEqual([13, undefined]);
    expect(changes[1]?.properties).toEqual([
      {
        path: "tokenPolicies",
        forcesReplacement: false,
        before: ["sops-flux-decrypt"],
        after: ["sops-pipeline"],
      },
      { path: "tokenTtl", forcesReplacement: false, before: 600, after: 300 },
    ]);
  });

  test("new-key: a replacement is one change, and says which property forces it", () => {
    const [key] = read(recorded("new-key", "digest")).changes;
    expect(key).toMatchObject({ kind: "replace", name: "sops-key" });
    expect(key?.properties).toEqual([
      { path: "name", forcesReplacement: true, before: "sops", after: "sops-2026" },
    ]);
  });

  test("failed: why, and no outputs of afterwards, though the engine repeats the old ones", () => {
    for (const form of Object.keys(FORMS) as (keyof typeof FORMS)[]) {
      const preview = read(recorded("failed", form));
      expect(preview.failure).toBe("The errors are under Messages.");
      expect(preview.outputs.before?.audit).toMatchObject({ key: { name: "sops" } });
      expect(preview.outputs.after).toBeUndefined();
      expect(preview.diagnostics[0]).toMatchObject({ severity: "error" });
      expect(preview.diagnostics[0]?.message).toMatch(/^Running program .* failed/);
    }
  });

  test("the outputs of afterwards are in the events only", () => {
    expect(read(recorded("roles", "digest")).outputs.after).toBeUndefined();
    expect(read(recorded("roles", "events")).outputs.after?.audit).toMatchObject({
      roles: [{}, { name: "ops_flux" }],
    });
    // Wholly unknown: one of its parts is known only after apply.
    expect(read(recorded("new-key", "events")).outputs.after?.audit).toBe("[known after apply]");
  });
});

describe.each(forms)("$form", ({ print }) => {
  const of = (preview: TestPreview) => read(print(preview));

  test("the steps of a replacement are one change; what nothing happens to is none", () => {
    const step = { type: "a:b:C", name: "x", old: { v: 1 }, new: { v: 2 } };
    const { changes } = of({
      steps: [
        { ...step, op: "create-replacement" },
        { ...step, op: "replace", keys: ["v"] },
        { ...step, op: "delete-replaced" },
        { ...step, op: "same", name: "y" },
        { ...step, op: "read", name: "z" },
      ],
    });
    expect(changes.map(({ kind, op }) => [kind, op])).toContainEqual(["replace", "replace"]);
    expect(changes.filter(({ name }) => name !== "loop-dev")).toHaveLength(1);
  });

  test("an operation that is not known here is told, not left out", () => {
    const { changes } = of({
      before: {},
      steps: [{ op: "transmogrify", type: "a:b:C", name: "x", old: {}, new: {} }],
    });
    expect(changes).toMatchObject([{ kind: "other", op: "transmogrify" }]);
  });

  test("without a detailed diff the inputs are compared", () => {
    const { changes } = of({
      before: {},
      steps: [
        {
          op: "update",
          type: "a:b:C",
          name: "x",
          old: { same: [1], gone: 1, v: "a" },
          new: { same: [1], v: UNKNOWN },
        },
      ],
    });
    expect(changes[0]?.properties).toEqual([
      { path: "gone", forcesReplacement: false, before: 1, after: undefined },
      { path: "v", forcesReplacement: false, before: "a", after: "[known after apply]" },
    ]);
  });

  test("paths lead into lists and names with dots", () => {
    const old = { spec: { list: [{ a: 1 }], labels: { "app.kubernetes.io/name": "x" } } };
    const now = { spec: { list: [{ a: 2 }], labels: { "app.kubernetes.io/name": "y" } } };
    const { changes } = of({
      before: {},
      steps: [
        {
          ...{ op: "update", type: "a:b:C", name: "x", old, new: now },
          detailed: { 'spec.labels["app.kubernetes.io/name"]': "update", "spec.list[0].a": "update-replace" },
        },
      ],
    });
    expect(changes[0]?.properties).toEqual([
      { path: "spec.list[0].a", forcesReplacement: true, before: 1, after: 2 },
      { path: 'spec.labels["app.kubernetes.io/name"]', forcesReplacement: false, before: "x", after: "y" },
    ]);
  });

  test("protection and retention are kept", () => {
    const step = { op: "delete", type: "a:b:C", name: "x", old: {}, protect: true, retain: true };
    expect(of({ before: {}, steps: [step] }).changes[0]).toMatchObject({
      isProtected: true,
      isRetained: true,
    });
  });

  test("debug and passing messages are not for people; colours are taken out", () => {
    const { diagnostics } = of({
      diagnostics: [
        { severity: "debug", message: "inputs: {password}" },
        { severity: "info", message: "…", ephemeral: true },
        { severity: "info", message: " \n" },
        { severity: "warning", message: "<{%fg 3%}>warning: <{%reset%}>look\n" },
        { severity: "error", message: "first" },
      ],
    });
    expect(diagnostics).toEqual([
      { severity: "error", message: "first" },
      { severity: "warning", message: "look" },
    ]);
  });

  test("the order of the engine makes no difference", () => {
    const steps = ["c", "a", "b"].map((name) => ({ op: "create", type: "a:b:C", name, new: { v: name } }));
    const diagnostics = [
      { severity: "warning", message: "two", urn: "urn:pulumi:dev::loop::a:b:C::b" },
      { severity: "warning", message: "one", urn: "urn:pulumi:dev::loop::a:b:C::a" },
    ];
    const other = { steps: steps.toReversed(), diagnostics: diagnostics.toReversed() };
    expect(of(other)).toEqual(of({ steps, diagnostics }));
  });
});
