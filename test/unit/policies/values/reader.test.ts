import { describe, expect, test } from "vitest";
import { plainOf, SECRET, UNKNOWN } from "../../../../policies/values/marks";
import { NotDecidable } from "../../../../policies/values/not-decidable";
import { Subject } from "../../../../policies/values/subject";
import { CIPHERTEXT, resource, UNKNOWN as UNKNOWN_TEXT } from "../support/resources";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

describe("Pulumi's marks, in every form in which it writes them", () => {
  test.each([
    ["an unknown text", UNKNOWN_TEXT, UNKNOWN],
    ["an unknown object", "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", UNKNOWN],
    ["an unknown of the mocks", { __pulumiUnknown: true }, UNKNOWN],
    ["an output without a value", { [SIGNATURE]: OUTPUT_SIGNATURE }, UNKNOWN],
    ["an output with one", { [SIGNATURE]: OUTPUT_SIGNATURE, value: 1 }, 1],
    ["a secret on the wire", { [SIGNATURE]: SECRET_SIGNATURE, value: { a: "b" } }, { a: "b" }],
    ["a secret in a state", CIPHERTEXT, SECRET],
    ["a secret in a state that shows them", { [SIGNATURE]: SECRET_SIGNATURE, plaintext: '["a"]' }, ["a"]],
    ["a secret in a preview", "[secret]", SECRET],
    ["a torn plaintext", { [SIGNATURE]: SECRET_SIGNATURE, plaintext: '["a' }, SECRET],
    ["an asset", { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", text: "x" }, SECRET],
    ["a secret in an unknown's list", [UNKNOWN_TEXT, CIPHERTEXT, null], [UNKNOWN, SECRET, null]],
  ])("%s", (_, given, plain) => {
    expect(plainOf(given)).toEqual(plain);
  });
});

const subject = (inputs: Record<string, unknown>) => new Subject(resource("a:b:C", inputs), inputs);

/** What reading throws: reason and path. */
function trouble(read: () => unknown): [string, string] | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof NotDecidable) return [error.reason, error.path];
    throw error;
  }
}

describe("reading", () => {
  const it = subject({
    name: "x",
    empty: "",
    nothing: null,
    on: "true",
    count: "7",
    tags: ["a", UNKNOWN_TEXT],
    "a.b": { c: 1 },
    secret: CIPHERTEXT,
    later: UNKNOWN_TEXT,
  });

  test("gives what is there, and nothing for what is not", () => {
    expect(it.text("name")).toBe("x");
    expect(it.flag("on")).toBe(true);
    expect(it.number("count")).toBe(7);
    expect(it.key("a.b").number("c")).toBe(1);
    expect([it.text("nothing"), it.text("absent.below"), it.flag("absent"), it.number("absent")]).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
    expect([it.texts("absent"), it.entries("absent")]).toEqual([[], []]);
  });

  test("tells whether there is a value; a secret is one, an empty text is none", () => {
    expect(["name", "empty", "nothing", "absent", "secret"].map((name) => it.has(name))).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  test("throws for what cannot be read, with the reason and the path", () => {
    expect(trouble(() => it.text("later"))).toEqual(["unknown", "later"]);
    expect(trouble(() => it.has("later"))).toEqual(["unknown", "later"]);
    expect(trouble(() => it.text("later.below"))).toEqual(["unknown", "later"]);
    expect(trouble(() => it.text("secret"))).toEqual(["secret", "secret"]);
    expect(trouble(() => it.texts("tags"))).toEqual(["unknown", "tags[1]"]);
    expect(trouble(() => it.list("name"))).toEqual(["form", "name"]);
    expect(trouble(() => it.text("tags"))).toEqual(["form", "tags"]);
    expect(trouble(() => it.flag("name"))).toEqual(["form", "name"]);
    expect(trouble(() => it.number("name"))).toEqual(["form", "name"]);
    expect(trouble(() => it.text("name.below"))).toEqual(["form", "name"]);
  });

  test("takes no inherited property for one of the resource", () => {
    expect(it.has("constructor")).toBe(false);
    expect(it.text("toString")).toBeUndefined();
  });
});

test("a type has no version of its API, and a URN tells the stack", () => {
  const types = [
    "kubernetes:apps/v1:Deployment",
    "azure-native:keyvault/v20240401preview:Key",
    "vault:kv/secretV2:SecretV2",
  ];
  expect(types.map((type) => subjectOf(type).type)).toEqual([
    "kubernetes:apps:Deployment",
    "azure-native:keyvault:Key",
    "vault:kv/secretV2:SecretV2",
  ]);
  expect(subjectOf("a:b:C").stack).toBe("dev");
});

function subjectOf(type: string): Subject {
  return new Subject(resource(type, {}), {});
}
