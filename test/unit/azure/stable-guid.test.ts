import { expect, test } from "vitest";
import { stableGuid } from "../../../components/azure/stable-guid";

test("is a GUID of the kind that one makes up oneself, and follows from its parts", () => {
  expect(stableGuid("scope", "role")).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(stableGuid("scope", "role")).toBe("d4da9df6-2053-86ae-a992-12c2c3e465aa");
});

test("keeps its parts apart", () => {
  expect(stableGuid("a", "bc")).not.toBe(stableGuid("ab", "c"));
});
