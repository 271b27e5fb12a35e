import { afterAll, beforeAll, expect, test } from "vitest";
import { jwtAuth } from "./support/dev-config";
import { VerifiedLoop } from "./support/verified-loop";

const ROLE = "auth/jwt/role/flux-system_kustomize-controller";

let it: VerifiedLoop;

beforeAll(async () => {
  it = await VerifiedLoop.start("verify-jwt", jwtAuth);
});
afterAll(() => it?.stop());

test("a loop that holds: all is ok, but what this method has no use for", async () => {
  const seen = await it.verify();
  expect(seen.with("failed")).toEqual([]);
  expect(seen.rows.filter(({ result }) => result === "skipped")).toEqual([
    expect.objectContaining({ id: "reviewer", why: "method jwt checks signatures itself" }),
    expect.objectContaining({ id: "api-server-ca" }),
  ]);
  expect(seen.code).toBe(0);
});

test.each([
  [
    "a role for another account",
    { bound_subject: "system:serviceaccount:flux-system:default" },
    'its bound_subject is "system:serviceaccount:flux-system:default", not as declared',
  ],
  [
    "a role for another audience",
    { bound_audiences: ["https://other"] },
    'its bound_audiences is ["https://other"], not as declared',
  ],
])("%s", async (_what, change, why) => {
  await it.changed(ROLE, change);
  const { rows } = await it.verify();
  await it.stack.up("--refresh");
  expect(rows.find(({ result }) => result === "failed")).toMatchObject({
    id: "roles",
    why: `role flux-system_kustomize-controller: ${why}`,
  });
  expect((await it.verify()).with("failed")).toEqual([]);
});
