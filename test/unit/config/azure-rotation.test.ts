import { expect, test } from "vitest";
import { rotationSection } from "../../../components/config/azure-rotation";

test.each([
  [{}, "P2Y", "P30D"],
  [{ rotateAfter: "P30D", expiry: "P61D" }, "P61D", "P30D"],
  [{ rotateAfter: "P30D", expiry: "P60D" }, "P60D", "P7D"],
  [{ rotateAfter: "P14D", expiry: "P28D" }, "P28D", "P7D"],
  [{ rotateAfter: "P30D", expiry: "P60D", notifyBeforeExpiry: "P14D" }, "P60D", "P14D"],
  [{ expiry: "never" }, undefined, undefined],
])("%o: Key Vault tells of an end as long before it as there is room", (given, expiry, notify) => {
  const rotation = rotationSection.parse(given);
  expect([rotation.expiry?.text, rotation.notifyBeforeExpiry?.text]).toEqual([expiry, notify]);
});
