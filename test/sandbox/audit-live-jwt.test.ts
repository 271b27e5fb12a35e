import { createPublicKey, generateKeyPairSync, type JsonWebKey } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLive } from "../../cli/audit/live/read-live";
import { jwtAuth } from "./support/dev-config";
import { VerifiedLoop } from "./support/verified-loop";

const CONFIG = "auth/jwt/config";
const ROLE = "auth/jwt/role/flux-system_kustomize-controller";

type Fields = Readonly<Record<string, unknown>>;

let it: VerifiedLoop;

beforeAll(async () => {
  it = await VerifiedLoop.start("audit-jwt", jwtAuth);
});
afterAll(() => it?.stop());

async function found(): Promise<string[]> {
  const outputs: unknown = await it.stack.outputs();
  const { findings, skipped } = await readLive({ outputs, env: it.loop.env });
  expect(skipped).toEqual([]);
  return findings.map(({ id, where, what }) => `${id}: ${where}: ${what}`);
}

const pem = (key: ReturnType<typeof createPublicKey>) =>
  key.export({ type: "spki", format: "pem" }).toString();

test("a clean stack whose Vault checks signatures itself: nothing is found", async () => {
  expect(await found()).toEqual([]);
});

test("a role that takes every account of the cluster, and then nobody else's", async () => {
  const { data } = (await it.vault("GET", ROLE)) as { data: Fields };
  await it.vault("PUT", ROLE, {
    ...data,
    bound_subject: "",
    bound_claims: { aud: it.loop.layout.vault.address },
  });
  expect(await found()).toEqual([`vault-role-bound-wildcard: ${ROLE}: it takes every account`]);
  await it.vault("PUT", ROLE, { ...data, bound_claims: {} });
  expect(await found()).toEqual([]);
});

test("keys of somebody's own: those that are the cluster's are no finding", async () => {
  const { data } = (await it.vault("GET", CONFIG)) as { data: Fields };
  const { keys } = JSON.parse(await it.kubectl("get", "--raw", "/openid/v1/jwks")) as { keys: JsonWebKey[] };
  const own = keys.map((key) => pem(createPublicKey({ key, format: "jwk" })));
  const foreign = pem(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey);
  const pinned = { ...data, oidc_discovery_url: "", oidc_discovery_ca_pem: "" };
  await it.vault("PUT", CONFIG, { ...pinned, jwt_validation_pubkeys: own });
  expect(await found()).toEqual([]);
  await it.vault("PUT", CONFIG, { ...pinned, jwt_validation_pubkeys: [...own, foreign] });
  expect(await found()).toEqual([
    `vault-auth-issuer: auth/jwt: 1 of ${own.length + 1} jwt_validation_pubkeys are not the cluster's`,
  ]);
  await it.vault("PUT", CONFIG, data);
  expect(await found()).toEqual([]);
});
