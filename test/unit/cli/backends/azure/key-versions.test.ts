import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type KeyVersion,
  keyVersion,
  olderVersions,
  unfitness,
  versionsAfter,
} from "../../../../../cli/backends/azure/key-versions";

const NOW = Date.parse("2026-06-01T12:00:00Z");
const version = (name: string, created: number, changes: Partial<KeyVersion> = {}): KeyVersion => ({
  version: name,
  enabled: true,
  created,
  ...changes,
});

describe("a version as a vault tells it", () => {
  test("has its id from the end of the key's, and its times in milliseconds", () => {
    const attributes = { enabled: false, created: 1, nbf: 2, exp: 3 };
    expect(keyVersion("https://v.vault.azure.net/keys/n/0aF", attributes)).toEqual({
      version: "0aF",
      enabled: false,
      created: 1000,
      notBefore: 2000,
      expires: 3000,
    });
    expect(keyVersion("https://v/keys/n/1", { created: 1 })?.enabled).toBe(true);
  });

  test.each([
    ["https://v/keys/n", { created: 1 }],
    ["https://v/keys/n/../x", { created: 1 }],
    ["https://v/keys/n/1?x", { created: 1 }],
    [undefined, { created: 1 }],
    ["https://v/keys/n/1", {}],
    ["https://v/keys/n/1", { created: "1" }],
    ["https://v/keys/n/1", undefined],
  ])("%s with %j is none", (kid, attributes) => {
    expect(keyVersion(kid, attributes)).toBeUndefined();
  });
});

test.each<[Partial<KeyVersion>, string | undefined]>([
  [{}, undefined],
  [{ expires: NOW + 1 }, undefined],
  [{ expires: NOW }, "has expired (2026-06-01T12:00Z)"],
  [{ notBefore: NOW }, undefined],
  [{ notBefore: NOW + 60_000 }, "does not hold before 2026-06-01T12:01Z"],
  [{ enabled: false, expires: NOW }, "is disabled"],
])("what stands against wrapping by a version with %j: %s", (changes, why) => {
  expect(unfitness(version("a", 0, changes), NOW)).toBe(why);
});

describe("how many versions came after one", () => {
  test("is told by their times, in whatever order they are listed", () => {
    const created = fc.uniqueArray(fc.nat(), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(created, fc.infiniteStream(fc.nat()), (times, keys) => {
        const inOrder = [...times].sort((a, b) => a - b).map((time, index) => version(`v${index}`, time));
        const shuffled = inOrder
          .map((each) => ({ each, key: keys.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ each }) => each);
        const current = `v${inOrder.length - 1}`;
        for (const [index, { version: own }] of inOrder.slice(0, -1).entries())
          expect(versionsAfter(shuffled, own, current)).toBe(inOrder.length - 1 - index);
        expect(olderVersions(shuffled, current)).toEqual(inOrder.slice(0, -1).map((each) => each.version));
      }),
    );
  });

  test("counts the current even where it was made in the same second", () => {
    const versions = [version("a", 5), version("b", 5), version("c", 5)];
    expect(versionsAfter(versions, "a", "c")).toBe(1);
    expect(versionsAfter(versions, "x", "c")).toBe(-1);
  });

  test("what is disabled opens nothing, and is not to be retired again", () => {
    expect(
      olderVersions([version("a", 1, { enabled: false }), version("b", 2), version("c", 3)], "c"),
    ).toEqual(["b"]);
  });
});
