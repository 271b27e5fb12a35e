import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { describe, expect, it } from "vitest";
import { type PlainMap, UNKNOWN } from "../../../sandbox/providers/engine/resource-type";
import { isAsset, receive, send } from "../../../sandbox/providers/engine/wire";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

describe("the wire format", () => {
  it("carries every kind of value there and back", () => {
    const values = {
      text: "a",
      number: 1.5,
      flag: false,
      list: [1, ["x"], { y: true }],
      map: { deep: { er: "z" } },
    };
    expect(receive(send(values)).values).toEqual(values);
  });

  it("carries an unknown value at any depth", () => {
    const values: PlainMap = { top: UNKNOWN, list: ["a", UNKNOWN], map: { inner: UNKNOWN } };
    expect(receive(send(values)).values).toEqual(values);
  });

  it("knows the engine's unknowns of every type", () => {
    const message = Struct.fromJavaScript({
      text: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      flag: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
      number: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
      list: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
      object: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    });
    expect(new Set(Object.values(receive(message).values))).toEqual(new Set([UNKNOWN]));
  });

  it("unwraps secrets, and remembers which properties held one", () => {
    const secret = (value: unknown) => ({ [SIGNATURE]: SECRET, value });
    const message = Struct.fromJavaScript({
      jwt: secret("t0ken"),
      nested: { list: ["open", secret({ password: "hunter2" })] },
      open: "x",
    } as never);
    const { values, secrets, secretTexts } = receive(message);
    expect(values).toEqual({ jwt: "t0ken", nested: { list: ["open", { password: "hunter2" }] }, open: "x" });
    expect(secrets).toEqual(new Set(["jwt", "nested"]));
    expect(secretTexts).toEqual(["t0ken", "hunter2"]);
  });

  it("marks properties secret as a whole", () => {
    const sent = send({ jwt: { a: 1 }, open: "x" }, ["jwt", "absent"]);
    expect(sent.toJavaScript()).toEqual({ jwt: { [SIGNATURE]: SECRET, value: { a: 1 } }, open: "x" });
  });

  it("marks an unknown secret as both", () => {
    const { values, secrets } = receive(send({ jwt: UNKNOWN }, ["jwt"]));
    expect(values).toEqual({ jwt: UNKNOWN });
    expect(secrets).toEqual(new Set(["jwt"]));
  });

  it("takes a top-level null for absent, and keeps one further down", () => {
    expect(receive(Struct.fromJavaScript({ gone: null, map: { kept: null } })).values).toEqual({
      map: { kept: null },
    });
  });

  it("refuses what it does not understand", () => {
    const message = Struct.fromJavaScript({ file: { [SIGNATURE]: ASSET, text: "x" } });
    expect(() => receive(message)).toThrow("assets, archives and resource references are not understood");
  });

  it("takes assets and archives where it is told to, and gives them back as they were", () => {
    const file = { [SIGNATURE]: ASSET, hash: "h", path: "relay.zip" };
    const folder = { [SIGNATURE]: ARCHIVE, hash: "h", path: "dist" };
    const { values } = receive(Struct.fromJavaScript({ file, folder }), true);
    expect([isAsset(values.file), isAsset(values.folder), isAsset("relay.zip")]).toEqual([
      true,
      false,
      false,
    ]);
    expect(send(values).toJavaScript()).toEqual({ file, folder });
    const other = Struct.fromJavaScript({
      it: { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "u" },
    });
    expect(() => receive(other, true)).toThrow("resource references are not understood");
  });

  it("takes no message for no values", () => {
    expect(receive(undefined).values).toEqual({});
  });
});
