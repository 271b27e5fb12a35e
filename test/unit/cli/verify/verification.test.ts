import { expect, test } from "vitest";
import { CliError } from "../../../../cli/errors/cli-error";
import { type Context, Fault, type Probe, Skip } from "../../../../cli/verify/probe";
import { verification } from "../../../../cli/verify/verification";

/** None of these probes looks at anything. */
const NOTHING = {} as Context;

function probe(id: string, needs: readonly string[], run: () => Promise<string>): Probe {
  return { id, title: id.toUpperCase(), needs, run };
}

const good = async () => "seen";
const bad = (error: unknown) => () => Promise.reject(error);

async function results(...probes: Probe[]): Promise<Record<string, string>> {
  const rows = await verification(probes, NOTHING, () => undefined);
  return Object.fromEntries(rows.map(({ id, result, why }) => [id, `${result}: ${why}`]));
}

test("a fault closes what needs it, and what needs that, and nothing else", async () => {
  expect(
    await results(
      probe("a", [], bad(new Fault("broken", "mend it"))),
      probe("b", ["a"], good),
      probe("c", ["b"], good),
      probe("d", [], good),
    ),
  ).toEqual({
    a: "failed: broken",
    b: 'skipped: needs "A", which failed',
    c: 'skipped: needs "A", which failed',
    d: "ok: seen",
  });
});

test("what the caller may not look at explains nothing: what needs it is still tried", async () => {
  const forbidden = new CliError('kubectl get x: Error from server (Forbidden): x is forbidden: User "y"');
  expect(
    await results(
      probe("a", [], bad(new Skip("may not"))),
      probe("b", [], bad(forbidden)),
      probe("c", ["a", "b"], good),
    ),
  ).toEqual({ a: "skipped: may not", b: `skipped: ${forbidden.message}`, c: "ok: seen" });
});

test("rows come one by one, and only failed ones say what to run next", async () => {
  const told: string[] = [];
  const rows = await verification(
    [
      probe("a", [], good),
      probe("b", [], bad(new Fault("broken", "mend it"))),
      probe("c", [], bad(new CliError("cannot be reached"))),
    ],
    NOTHING,
    ({ id }) => told.push(id),
  );
  expect(told).toEqual(["a", "b", "c"]);
  expect(rows.map(({ next }) => next)).toEqual([undefined, "mend it", "vault status; kubectl cluster-info"]);
});

test("a defect is not taken for a fault", async () => {
  const defect = new TypeError("no such thing");
  await expect(results(probe("a", [], bad(defect)))).rejects.toBe(defect);
});
