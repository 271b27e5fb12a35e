import { beforeAll, describe, expect, test } from "vitest";
import { keyEvent } from "../support/events";
import { ENTRA_ENV, Rig } from "../support/rig";
import { Tenant } from "../support/tenant";

let tenant: Tenant;

beforeAll(async () => {
  tenant = await Tenant.create();
});

describe("20. What the relay may", () => {
  test("it asks for nothing in the world but the trigger, the tenant's keys and, for readiness, GitLab's version", async () => {
    const rig = new Rig({ env: ENTRA_ENV, tenant });
    const token = await tenant.token(rig.clock.now());
    await rig.post([keyEvent()], { authorization: `Bearer ${token}` });
    await rig.send(new Request("https://relay.example.com/readyz"));
    expect(new Set(rig.world.asked)).toEqual(
      new Set([
        "GET https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/discovery/v2.0/keys",
        "POST https://gitlab.example.com/api/v4/projects/101/trigger/pipeline",
        "GET https://gitlab.example.com/api/v4/version",
      ]),
    );
  });
});
