import { describe, expect, test } from "vitest";
import { relayAnswers, type Waiting } from "../../../components/azure/relay-answers";
import type { Answer } from "../../../components/http/get";

const URL = "https://func-sops.azurewebsites.net/healthz";
const OK: Answer = { status: 200, text: "ok\n" };

/** A world in which each look gets the next answer, the last one for ever, and time passes only by waiting. */
function world(...answers: readonly (Answer | Error)[]) {
  let now = 0;
  const asked: string[] = [];
  const told: string[] = [];
  const waiting: Waiting = {
    get: async (url) => {
      const answer = answers[Math.min(asked.length, answers.length - 1)];
      asked.push(url);
      if (!answer || answer instanceof Error) throw answer ?? new Error("nothing");
      return answer;
    },
    sleep: async (ms) => {
      now += ms;
    },
    now: () => now,
    tell: (message) => void told.push(message),
  };
  return { waiting, asked, told, waited: () => now };
}

test("a relay that runs is asked once, and nobody waits", async () => {
  const { waiting, asked, told, waited } = world(OK);
  await relayAnswers(URL, waiting);
  expect({ asked, told, waited: waited() }).toEqual({ asked: [URL], told: [], waited: 0 });
});

test("one that does not yet is waited for, and whoever watches is told why", async () => {
  const { waiting, told } = world(new Error("connect ECONNREFUSED"), { status: 503, text: "" }, OK);
  await relayAnswers(URL, waiting);
  expect(told).toEqual([
    `waiting for the relay at ${URL} (0 s): connect ECONNREFUSED`,
    `waiting for the relay at ${URL} (5 s): it says 503`,
  ]);
});

describe("after ten minutes it is given up", () => {
  test.each([
    ["an app without its code", { status: 404, text: "<html>" }, "it says 404"],
    ["no answer", new Error("socket\n hang up"), "socket hang up"],
  ])("%s", async (_what, answer, why) => {
    const { waiting, asked, waited } = world(answer);
    await expect(relayAnswers(URL, waiting)).rejects.toThrow(
      `the relay has not answered at ${URL} for 10 minutes: ${why}; without it Event Grid takes no subscription, so see the relay's log, then run pulumi up again`,
    );
    expect(waited()).toBe(600_000);
    expect(asked).toHaveLength(121);
  });
});
