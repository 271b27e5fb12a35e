import { beforeAll, describe, expect, test } from "vitest";
import { KEY, keyEvent, VAULT } from "../support/events";
import type { ManualClock } from "../support/manual-clock";
import { ENTRA_ENV, READING_ENV, Rig } from "../support/rig";
import { Tenant } from "../support/tenant";
import { says } from "../support/world";

const PROJECT = "https://gitlab.example.com/api/v4/projects/101";

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

  test("with a token that reads, it lists pipelines by their name, and asks for nothing else with it", async () => {
    const rig = new Rig({ env: READING_ENV });
    rig.world.script.push(says(502, ""));
    await (rig.clock as ManualClock).run(rig.post([keyEvent("v7")]));
    const [trigger, list, again] = rig.world.asked;
    expect([trigger, again]).toEqual(Array(2).fill(`POST ${PROJECT}/trigger/pipeline`));
    const { origin, pathname, searchParams } = new URL(list?.replace("GET ", "") ?? "");
    expect(origin + pathname).toBe(`${PROJECT}/pipelines`);
    expect(Object.fromEntries(searchParams)).toEqual({
      ...{ name: `azure_kv ${VAULT}/${KEY} v7`, ref: "main", source: "trigger" },
      ...{ order_by: "id", sort: "asc", per_page: "20" },
    });
    expect(rig.world.asked).toHaveLength(3);
  });
});
