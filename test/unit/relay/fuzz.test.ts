import fc from "fast-check";
import { expect, test } from "vitest";
import { NEXT_TOKEN, Rig, SECRET, SECRET_ENV, TOKEN } from "./support/rig";
import { requestOf, type StrangeRequest, strangeRequest } from "./support/strange-requests";

const RUNS = Number(process.env.SOPSLOOP_RELAY_FUZZ ?? 100_000);
const STATUSES = [200, 400, 401, 403, 404, 405, 413, 415];

/** The relay is asked for its secret, and given it. */
function mayDeliver({ headers, path }: StrangeRequest): boolean {
  return (headers["x-relay-secret"] ?? (path.includes(`code=${SECRET}`) ? SECRET : undefined)) === SECRET;
}

test(`${RUNS} strange requests: no crash, no leak, the right status`, { timeout: 600_000 }, async () => {
  const counts = new Map<number, number>();
  const rig = new Rig({ env: { ...SECRET_ENV, GITLAB_TRIGGER_TOKEN_NEXT: NEXT_TOKEN } });
  let triggered = 0;
  await fc.assert(
    fc.asyncProperty(strangeRequest, async (strange) => {
      rig.lines.length = 0;
      const response = await rig.send(requestOf(strange));
      const text = await response.text();
      const { status } = response;
      counts.set(status, (counts.get(status) ?? 0) + 1);
      expect(STATUSES).toContain(status);
      const events = strange.method === "POST" && strange.path.split("?")[0] === "/events";
      if (events) expect(status === 401).toBe(!mayDeliver(strange));
      if (events && status === 200) triggered += Number(JSON.parse(text).triggered ?? 0);
      // Nothing but a delivery that was let in starts anything.
      expect(rig.world.pipelines).toBe(triggered);
      const seen = `${text}\n${[...response.headers].join()}\n${rig.lines.join("\n")}`;
      for (const secret of [SECRET, TOKEN, NEXT_TOKEN]) expect(seen).not.toContain(secret);
      expect(seen).not.toMatch(/glptt-|Bearer [^"]|defect|at .*\.ts:/);
    }),
    { numRuns: RUNS },
  );
  // The requests were strange enough to reach every answer, and not so strange as never to be right.
  for (const status of STATUSES.filter((one) => one !== 413))
    expect(counts.get(status) ?? 0).toBeGreaterThan(0);
  expect(triggered).toBeGreaterThan(RUNS / 100);
});
