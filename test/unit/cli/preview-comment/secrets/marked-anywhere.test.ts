import fc from "fast-check";
import { test } from "vitest";
import { CANARY, expectNone } from "../support/canary";
import { DIGEST_SECRET, digestOf, EVENT_SECRET, eventsOf } from "../support/engine";

test("wherever in whatever a value stands: marked on one side is hidden on both", () => {
  const tree = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom("plain", 1, true, null),
      fc.array(tie("node"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b", "c d", "__proto__"), tie("node"), { maxKeys: 3 }),
    ),
  })).node;
  const wrap = (value: unknown, steps: readonly (string | number)[]): unknown =>
    steps.reduceRight<unknown>(
      (inner, step) => (typeof step === "number" ? [...Array(step).fill(0), inner] : { [step]: inner, n: 1 }),
      value,
    );
  const path = fc.array(fc.oneof(fc.constantFrom("a", "b"), fc.nat(2)), { maxLength: 4 });
  fc.assert(
    fc.property(tree, path, fc.boolean(), fc.boolean(), (other, steps, isOld, isMarked) => {
      const open = wrap(CANARY, steps);
      const marked = wrap(isMarked ? EVENT_SECRET : DIGEST_SECRET, steps);
      const [old, now] = isOld ? [marked, open] : [open, marked];
      const step = { op: "update", type: "a:b:C", name: "x", old: { v: old, w: other }, new: { v: now } };
      expectNone(eventsOf({ steps: [step] }));
      expectNone(digestOf({ steps: [step] }));
    }),
  );
}, 60_000);
