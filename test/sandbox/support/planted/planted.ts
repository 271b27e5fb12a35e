import { expect } from "vitest";
import type { LiveKind } from "../../../../cli/audit/kinds/kinds";
import type { LiveReading } from "../../../../cli/audit/live/live-reading";
import type { LiveLoop } from "../live-loop";

/** What is read of live systems. */
export interface Readable {
  read(): Promise<LiveReading>;
}

/** A misconfiguration: how it comes about, how it is found, how it goes. */
export interface Planted<Loop extends Readable = LiveLoop> {
  /** The finding that names it, and no other is made but `also`. */
  readonly id: LiveKind;
  readonly how: string;
  readonly where: string | RegExp;
  /** What the finding has to say. */
  readonly what: RegExp;
  readonly also?: readonly LiveKind[];
  readonly plant: (loop: Loop) => Promise<unknown>;
  readonly heal: (loop: Loop) => Promise<unknown>;
}

/** For `test.each`. */
export function titled<Loop extends Readable>(planted: readonly Planted<Loop>[]) {
  return planted.map((one) => [`${one.id}: ${one.how}`, one] as const);
}

/** Plants it, and takes it away again once the systems have been read: it and nothing else is found. */
export async function isFound<Loop extends Readable>(loop: Loop, planted: Planted<Loop>): Promise<void> {
  const { id, where, what, also = [], plant, heal } = planted;
  await plant(loop);
  const { findings, skipped } = await loop.read().finally(() => heal(loop));
  expect(findings.map((finding) => finding.id).sort()).toEqual([id, ...also].sort());
  expect(findings.find((one) => one.id === id)).toMatchObject({
    origin: "live",
    where: typeof where === "string" ? where : expect.stringMatching(where),
    what: expect.stringMatching(what),
    mend: expect.stringMatching(/\w/),
  });
  expect(skipped).toEqual([]);
}
