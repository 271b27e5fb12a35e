import { describe, expect, test } from "vitest";
import { keyEvent, newVersion } from "../support/events";
import { Rig } from "../support/rig";

describe("7. Order", () => {
  test("v1 to v5 in any order: each is told to GitLab as a hint, none is held back by another", async () => {
    const rig = new Rig();
    const versions = Array.from({ length: 5 }, () => newVersion());
    const shuffled = [3, 0, 4, 2, 1].map((at) => versions[at] ?? "");
    for (const version of shuffled) expect((await rig.post([keyEvent(version)])).status).toBe(200);
    expect(rig.world.calls.map(({ body }) => body.inputs.version)).toEqual(shuffled);
  });
});
