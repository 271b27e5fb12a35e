import { describe, expect, test } from "vitest";
import { evaluate } from "../../../../policies/evaluate";
import { resourcesOfExport } from "../../../../policies/sources/exported-stack";
import { resourcesOfPreview } from "../../../../policies/sources/preview";
import { CIPHERTEXT } from "../support/resources";

const KEY = "vault:transit/secretBackendKey:SecretBackendKey";
const MOUNT = "vault:index/mount:Mount";
const ENDPOINT = "vault:generic/endpoint:Endpoint";
const urn = (type: string, name: string) => `urn:pulumi:prod::sopsloop::a:b:C$${type}::${name}`;

const key = {
  urn: urn(KEY, "key"),
  type: KEY,
  inputs: { exportable: true },
  outputs: { exportable: true, latestVersion: 3 },
  // A state leaves null where an input hangs on nothing.
  propertyDependencies: { backend: [urn(MOUNT, "m::1")], exportable: null },
};
const mount = {
  urn: urn(MOUNT, "m::1"),
  type: MOUNT,
  protect: true,
  inputs: { path: "transit", type: "transit" },
};
const settings = {
  urn: urn(ENDPOINT, "settings"),
  type: ENDPOINT,
  inputs: { path: "transit/config/keys", dataJson: CIPHERTEXT },
  outputs: { path: "transit/config/keys", dataJson: CIPHERTEXT },
};
const exported = (...resources: object[]) => ({ version: 3, deployment: { resources } });

describe("an exported stack", () => {
  test("gives its resources with names, protection, inputs and outputs", () => {
    expect(resourcesOfExport(exported(key, mount))).toEqual([
      {
        urn: key.urn,
        type: KEY,
        name: "key",
        inputs: { exportable: true },
        outputs: { exportable: true, latestVersion: 3 },
        isProtected: false,
        madeOf: { backend: [mount.urn], exportable: [] },
      },
      {
        urn: mount.urn,
        type: MOUNT,
        name: "m::1",
        inputs: mount.inputs,
        outputs: undefined,
        isProtected: true,
        madeOf: {},
      },
    ]);
  });

  test("leaves out what it only looked up, and what is about to go", () => {
    expect(resourcesOfExport(exported({ ...key, external: true }, { ...mount, delete: true }))).toEqual([]);
    expect(resourcesOfExport({ deployment: { resources: null } })).toEqual([]);
  });

  test("is judged like a running one; what is ciphertext in it cannot be told", () => {
    const { findings, undecided } = evaluate(resourcesOfExport(exported(key, mount, settings)));
    expect(findings.map(({ rule }) => rule)).toContain("vault-transit-key-unexportable");
    expect(findings.map(({ rule }) => rule)).not.toContain("vault-transit-mount-protected");
    expect(undecided).toContainEqual({
      rule: "vault-transit-mount-no-upsert",
      urn: mount.urn,
      reason: "secret",
      path: "dataJson",
      of: settings.urn,
    });
  });

  test.each([[null], [{}], [{ deployment: 1 }], [[]]])("is not %j", (content) => {
    expect(() => resourcesOfExport(content)).toThrow(
      "this is no exported stack; give what pulumi stack export printed, as JSON",
    );
  });
});

describe("a preview", () => {
  const step = (op: string, state: { urn: string }) => ({
    op,
    urn: state.urn,
    newState: op === "delete" ? undefined : state,
  });

  test("changes what is there", () => {
    const before = resourcesOfExport(exported(key, mount));
    const after = resourcesOfPreview(
      {
        steps: [
          step("update", { ...key, inputs: { exportable: false } } as never),
          step("delete", mount),
          step("create", settings),
        ],
      },
      before,
    );
    expect(after.map(({ name, inputs }) => [name, inputs])).toEqual([
      ["key", { exportable: false }],
      ["settings", settings.inputs],
    ]);
  });

  test("of a replacement keeps the successor", () => {
    const steps = [
      step("create-replacement", key),
      step("replace", key),
      { op: "delete-replaced", urn: key.urn },
    ];
    expect(resourcesOfPreview({ steps }).map(({ name }) => name)).toEqual(["key"]);
  });

  test("without steps changes nothing", () => {
    const before = resourcesOfExport(exported(key));
    expect(resourcesOfPreview({ changeSummary: { same: 2 } }, before)).toEqual(before);
  });

  test.each([[null], [{ steps: 1 }], ["text"], [{}], [exported(key)]])("is not %j", (content) => {
    expect(() => resourcesOfPreview(content)).toThrow(
      "this is no preview; give what pulumi preview --json printed",
    );
  });
});
