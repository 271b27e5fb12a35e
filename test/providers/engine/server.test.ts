import { status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compare } from "../../../sandbox/providers/engine/compare";
import { unknownProperties } from "../../../sandbox/providers/engine/known-names";
import { PartialCreateError } from "../../../sandbox/providers/engine/partial-create-error";
import {
  type ChangeKind,
  type PlainMap,
  type ResourceType,
  type StandInProvider,
  UNKNOWN,
} from "../../../sandbox/providers/engine/resource-type";
import { UnknownOutcomeError } from "../../../sandbox/providers/engine/unknown-outcome-error";
import { receive } from "../../../sandbox/providers/engine/wire";
import { PluginClient } from "../plugin-client";

const JAR = "shelf:index/jar:Jar";

/** A shelf of jars: enough of a provider to see each call arrive and come back. */
class Shelf {
  readonly jars = new Map<string, PlainMap>();
  constructor(readonly config: PlainMap) {}
}

const jar: ResourceType<Shelf> = {
  token: JAR,
  secretOutputs: ["seal"],
  check: (inputs) => ({
    inputs: { size: 1, ...inputs },
    failures: unknownProperties(inputs, ["label", "size", "content", "mood", "seal"], "the jar"),
  }),
  diff(oldInputs, newInputs) {
    const cost = (path: string): ChangeKind => (path === "label" ? "replace" : "update");
    const changes = new Map(
      [...compare(oldInputs, newInputs).keys()].map((path) => [path, cost(path)] as const),
    );
    return { changes, deleteBeforeReplace: changes.has("label") };
  },
  async create(shelf, inputs, urn) {
    const id = String(inputs.label);
    if (inputs.mood === "broken") throw new Error(`cannot hold ${String(inputs.content)}\n  in a jar`);
    if (inputs.mood === "dropped") throw new UnknownOutcomeError("the jar fell, nobody looked");
    if (inputs.mood === "open")
      throw new PartialCreateError("no lid", id, inputs, { ...inputs, seal: "none" });
    shelf.jars.set(id, inputs);
    return { id, outputs: { ...inputs, seal: "wax", urn } };
  },
  async read(shelf, id, inputs, state) {
    const found = shelf.jars.get(id);
    if (found === undefined) return undefined;
    return {
      id,
      inputs: found,
      outputs: { ...found, seal: "wax", imported: state === undefined && inputs === undefined },
    };
  },
  async update(shelf, id, _oldState, _oldInputs, newInputs) {
    shelf.jars.set(id, newInputs);
    return { ...newInputs, seal: "wax" };
  },
  async delete(shelf, id) {
    shelf.jars.delete(id);
  },
};

const shelves: Shelf[] = [];
const provider: StandInProvider<Shelf> = {
  name: "shelf",
  version: "1.2.3",
  types: new Map([[JAR, jar]]),
  functions: new Map([
    ["shelf:index:count", async (shelf, { of = null }) => ({ of, found: shelf.jars.size })],
  ]),
  configKeys: ["place", "depth", "note"],
  secretConfigKeys: ["note"],
  jsonConfigKeys: ["depth"],
  checkConfig: (config) => (config.depth === 0 ? [{ path: "depth", reason: "a shelf has a depth" }] : []),
  async configure(config) {
    if (config.place === "nowhere") throw new Error("there is no shelf nowhere");
    const shelf = new Shelf(config);
    shelves.push(shelf);
    return shelf;
  },
};

let plugin: PluginClient;
beforeAll(async () => {
  plugin = await PluginClient.inProcess(provider);
});
afterAll(() => plugin.close());

describe("a provider before it is configured", () => {
  it("shakes hands, takes secrets, says its version", async () => {
    expect(await plugin.handshake()).toBe(true);
    expect(await plugin.version()).toBe("1.2.3");
  });

  it("checks but does not create", async () => {
    expect(await plugin.check(JAR, { label: "a" })).toEqual({ label: "a", size: 1 });
    await expect(plugin.create(JAR, { label: "a" })).rejects.toThrow(
      "the shelf provider was not configured before its use",
    );
  });

  it("refuses an unknown config property with the nearest name", async () => {
    expect(await plugin.checkConfig({ plaice: "x", version: "1.2.3" })).toEqual([
      'the shelf stand-in provider has no property "plaice"; did you mean "place"?',
    ]);
  });

  it("refuses config that is not the JSON it has to be, and what the provider itself refuses", async () => {
    expect(await plugin.checkConfig({ depth: "deep" })).toEqual(["depth is not JSON"]);
    expect(await plugin.checkConfig({ depth: "0" })).toEqual(["a shelf has a depth"]);
    expect(await plugin.checkConfig({ depth: UNKNOWN })).toEqual([]);
  });

  it("keeps secret config secret", async () => {
    expect(await plugin.checkConfig({ place: "pantry", note: "the combination" })).toEqual([]);
    expect(plugin.secretOutputs).toEqual(new Set(["note"]));
  });

  it("hands on the provider's reason when it cannot be configured", async () => {
    await expect(plugin.configure({ place: "nowhere" })).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: "there is no shelf nowhere",
    });
    await expect(plugin.configure({ place: UNKNOWN })).rejects.toThrow(
      'shelf provider config "place" is not known yet',
    );
  });

  it("never lets a change of config replace the provider", async () => {
    const diff = await plugin.diffConfig({ place: "a", depth: "1" }, { place: "b" });
    expect(diff).toEqual({
      changed: true,
      replaces: [],
      deleteBeforeReplace: false,
      detailed: { place: "UPDATE", depth: "DELETE" },
    });
    expect((await plugin.diffConfig({ place: "a" }, { place: "a" })).changed).toBe(false);
  });

  it("refuses a data source that it does not have, by its name", async () => {
    await expect(plugin.invoke("shelf:index:weigh", {})).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: "the shelf stand-in has no data source shelf:index:weigh",
    });
  });
});

describe("a configured provider", () => {
  beforeAll(() => plugin.configure({ place: "pantry", depth: '{"cm":30}', note: "true", version: "1.2.3" }));

  it("sees its config decoded, texts left alone", () => {
    expect(shelves.at(-1)?.config).toEqual({ place: "pantry", depth: { cm: 30 }, note: "true" });
  });

  it("answers a data source", async () => {
    expect(await plugin.invoke("shelf:index:count", { of: "jars" })).toEqual({ of: "jars", found: 0 });
  });

  it("creates, reads, updates and deletes", async () => {
    const made = await plugin.create(JAR, { label: "jam" });
    expect(made).toMatchObject({ id: "jam", outputs: { label: "jam", size: 1, seal: "wax" } });
    expect(made.outputs.urn).toBe(`urn:pulumi:test::sopsloop::${JAR}::it`);
    expect((await plugin.update(JAR, made, { label: "jam", size: 2 })).outputs.size).toBe(2);
    expect((await plugin.read(JAR, made))?.outputs).toMatchObject({ size: 2, imported: false });
    expect((await plugin.read(JAR, "jam"))?.outputs.imported).toBe(true);
    await plugin.delete(JAR, made);
    expect(await plugin.read(JAR, made)).toBeUndefined();
  });

  it("marks outputs secret where an input was, and where the type says so", async () => {
    await plugin.create(JAR, { label: "pickles", content: "vinegar" }, ["content"]);
    expect(plugin.secretOutputs).toEqual(new Set(["content", "seal"]));
  });

  it("previews with the inputs, unknowns included", async () => {
    const outputs = await plugin.previewCreate(JAR, { label: UNKNOWN, content: "x" }, ["content"]);
    expect(outputs).toEqual({ label: UNKNOWN, content: "x" });
    expect(plugin.secretOutputs).toEqual(new Set(["content"]));
    const made = await plugin.create(JAR, { label: "tea" });
    expect((await plugin.update(JAR, made, { label: "tea", content: UNKNOWN }, true)).outputs.content).toBe(
      UNKNOWN,
    );
    expect((await plugin.read(JAR, made))?.outputs.content).toBeUndefined();
  });

  it("tells the kind and the cost of each change", async () => {
    const old = { id: "a", inputs: { label: "a", size: 1, content: "x" }, outputs: {} };
    expect(await plugin.diff(JAR, old, { label: "b", size: 1, mood: "calm" })).toEqual({
      changed: true,
      replaces: ["label"],
      deleteBeforeReplace: true,
      detailed: { label: "UPDATE_REPLACE", content: "DELETE", mood: "ADD" },
    });
    expect(await plugin.diff(JAR, old, old.inputs)).toMatchObject({ changed: false, detailed: {} });
  });

  it("names the property that a type does not have", async () => {
    expect((await plugin.checkOnly(JAR, { lable: "a", zzz: 1 })).failures).toEqual([
      'lable: the jar has no property "lable"; did you mean "label"?',
      'zzz: the jar has no property "zzz"',
    ]);
  });

  it("names the types it has when asked for another", async () => {
    await expect(plugin.check("shelf:index/lid:Lid", {})).rejects.toThrow(
      `the shelf stand-in provider (as 1.2.3) has no resource type shelf:index/lid:Lid; it has ${JAR}`,
    );
  });

  it("fails in one line, without the secrets that the call carried", async () => {
    const failure = plugin.create(JAR, { label: "a", mood: "broken", content: "nitroglycerine" }, [
      "content",
    ]);
    await expect(failure).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: "cannot hold [secret] in a jar",
    });
  });

  it("says so when nobody knows what happened", async () => {
    await expect(plugin.create(JAR, { label: "a", mood: "dropped" })).rejects.toMatchObject({
      code: status.UNKNOWN,
    });
  });

  it("hands over what a failed create left behind", async () => {
    const failure = await plugin
      .create(JAR, { label: "half", mood: "open" })
      .catch((error: unknown) => error);
    const { metadata } = failure as { metadata: { get(key: string): Buffer[] } };
    const details = metadata.get("grpc-status-details-bin")[0]?.toString("latin1") ?? "";
    expect(details).toContain("pulumirpc.ErrorResourceInitFailed");
    expect(details).toContain("half");
    expect(details).toContain("no lid");
  });

  it("keeps what a type calls secret out of plain inputs, though nothing was marked", async () => {
    await plugin.check(JAR, { label: "sealed", seal: "the mark" });
    expect(plugin.secretOutputs).toEqual(new Set(["seal"]));
    shelves.at(-1)?.jars.set("sealed", { label: "sealed", seal: "the mark" });
    expect((await plugin.read(JAR, "sealed"))?.inputs).toEqual({ label: "sealed", seal: "the mark" });
    expect(plugin.secretInputs).toEqual(new Set(["seal"]));

    const failure = await plugin
      .create(JAR, { label: "half", mood: "open" })
      .catch((error: unknown) => error);
    const { metadata } = failure as { metadata: { get(key: string): Buffer[] } };
    const [packed] = Status.deserializeBinary(
      metadata.get("grpc-status-details-bin")[0] ?? new Uint8Array(),
    ).getDetailsList();
    const left = ErrorResourceInitFailed.deserializeBinary(packed?.getValue_asU8() ?? new Uint8Array());
    expect(receive(left.getProperties()).secrets).toEqual(new Set(["seal"]));
  });
});
