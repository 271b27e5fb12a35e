import { describe, expect, it } from "vitest";
import { compare, equal, hasUnknown, valueAt } from "../../../sandbox/providers/engine/compare";
import { UNKNOWN } from "../../../sandbox/providers/engine/resource-type";

const changes = (before: never, after: never) => Object.fromEntries(compare(before, after));

describe("compare", () => {
  it("names each place that differs, and how", () => {
    const before = { same: [1], gone: "x", list: ["a", "b"], map: { "a.b": 1, c: { d: true } } };
    const after = { same: [1], come: "y", list: ["a", "c", "d"], map: { "a.b": 2, c: { d: true, e: 0 } } };
    expect(changes(before as never, after as never)).toEqual({
      gone: "delete",
      come: "add",
      "list[1]": "update",
      "list[2]": "add",
      'map["a.b"]': "update",
      "map.c.e": "add",
    });
  });

  it("counts null as absent", () => {
    expect(changes({ a: null } as never, {} as never)).toEqual({});
    expect(changes({ a: null } as never, { a: 1 } as never)).toEqual({ a: "add" });
  });

  it("shows a change of type as one update", () => {
    expect(changes({ a: [1] } as never, { a: { b: 1 } } as never)).toEqual({ a: "update" });
  });

  it("holds an unknown value to be a change, even against an unknown", () => {
    expect(changes({ a: 1 } as never, { a: UNKNOWN } as never)).toEqual({ a: "update" });
    expect(equal(UNKNOWN, UNKNOWN)).toBe(false);
  });

  it("finds an unknown at any depth", () => {
    expect(hasUnknown({ a: [{ b: UNKNOWN }] })).toBe(true);
    expect(hasUnknown({ a: [{ b: null }] })).toBe(false);
  });

  it("looks up a path", () => {
    const map = { a: { "b.c": [{ d: 5 }] } };
    expect(valueAt(map, 'a["b.c"][0].d')).toBe(5);
    expect(valueAt(map, "a.x[3].d")).toBeUndefined();
  });
});
