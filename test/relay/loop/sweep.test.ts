import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { KEY, VAULT } from "./support/rotated-key";
import { RotationLoop } from "./support/rotation-loop";
import { FILE, type JobEnd, SweptRepository } from "./support/swept-repository";

const DAY = 24 * 3_600_000;

let loop: RotationLoop;
let repository: SweptRepository;
let plain: string;

beforeAll(async () => {
  loop = await RotationLoop.create();
  repository = await SweptRepository.create(loop);
  plain = await repository.decrypted();
});
afterAll(async () => {
  repository?.remove();
  await loop?.close();
});
afterEach(async () => {
  loop.key.deliver();
  loop.expectCleanLogs();
  expect(await loop.key.deadLetters()).toEqual([]);
});

/** The rotations that rewrap jobs were told of, by their own logs. */
function toldOf(jobs: readonly JobEnd[]): string[] {
  return jobs.map(({ trace }) => /^what the trigger tells: (.*)$/m.exec(trace)?.[1] ?? trace).toSorted();
}

test("12. every event is lost: no pipeline; the next look sees stale files, and the schedule heals them", async () => {
  expect(await repository.push()).toMatchObject({ name: "sopsloop-status", status: "success" });
  const before = await repository.subjects();
  loop.key.deliver({ drop: true });
  const version = await loop.key.rotate();
  await loop.key.advance(2 * DAY);
  expect(loop.key.outcomes()).toEqual(["LostOnPurpose"]);
  expect(await repository.triggered()).toEqual([]);
  expect(await repository.version()).not.toBe(version);

  const stale = await repository.push();
  expect(stale).toMatchObject({ name: "sopsloop-status", status: "failed" });
  expect(stale.trace).toContain(FILE);

  expect(await repository.sweep()).toMatchObject({ name: "sopsloop-rewrap", status: "success" });
  expect(await repository.version()).toBe(version);
  expect(await repository.decrypted()).toBe(plain);
  expect(await repository.subjects()).toEqual([expect.stringMatching(/^Rewrap /), "A note", ...before]);
  expect(await repository.push()).toMatchObject({ name: "sopsloop-status", status: "success" });
});

test("7. three versions, told late and in any order: a pipeline each, one commit, and the file is at the last", async () => {
  const before = await repository.subjects();
  loop.key.deliver({ hold: true });
  const versions: string[] = [];
  for (let count = 0; count < 3; count++) {
    versions.push(await loop.key.rotate());
    await loop.key.advance(DAY / 24);
  }
  loop.key.deliver({ shuffle: true, parallel: 1 });
  await loop.key.advance(0);
  expect(loop.key.outcomes()).toEqual(["Delivered", "Delivered", "Delivered"]);
  const jobs = await repository.triggered();
  expect(jobs.map(({ status }) => status)).toEqual(["success", "success", "success"]);
  expect(toldOf(jobs)).toEqual(versions.map((version) => `azure_kv ${VAULT}/${KEY} ${version}`).toSorted());
  expect(await repository.subjects()).toEqual([expect.stringMatching(/^Rewrap /), ...before]);
  expect(await repository.version()).toBe(versions.at(-1));
  expect(await repository.decrypted()).toBe(plain);
});
