import { createHmac } from "node:crypto";
import { exportSPKI, importJWK, SignJWT } from "jose";
import { keyEvent } from "../support/events";
import { delivery } from "../support/rig";
import { TENANT } from "../support/tenant";
import type { BadRequest, Means } from "./bad-request";

const OTHER = "99999999-8888-7777-6666-555555555555";

function bearing(token: string): Request {
  return delivery([keyEvent()], { authorization: `Bearer ${token}` });
}

function base64url(value: object | string): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
}

/** The parts of a token that holds. */
async function partsOf({ tenant, now }: Means): Promise<[string, string, string]> {
  const [header = "", payload = "", signature = ""] = (await tenant.token(now)).split(".");
  return [header, payload, signature];
}

/** A token in which one claim is another. */
function claiming(
  name: string,
  claims: Readonly<Record<string, unknown>>,
  status = 401,
  reason = "token_claims",
): BadRequest {
  return {
    ...{ name, status, reason },
    request: async ({ tenant, now }) => bearing(await tenant.token(now, claims)),
  };
}

const HOUR_S = 3_600;
const seconds = ({ now }: Means) => Math.floor(now / 1000);

/** Tokens that are missing, forged, expired, or somebody else's. */
export const TOKENS: readonly BadRequest[] = [
  { name: "no token", status: 401, reason: "token_missing", request: () => delivery([keyEvent()]) },
  {
    name: "another scheme",
    ...{ status: 401, reason: "token_missing" },
    request: () => delivery([keyEvent()], { authorization: "Basic dXNlcjpwYXNz" }),
  },
  { name: "an empty token", status: 401, reason: "token_missing", request: () => bearing("") },
  {
    name: "two tokens in one header",
    ...{ status: 401, reason: "token_missing" },
    request: async ({ tenant, now }) => bearing(`${await tenant.token(now)} ${await tenant.token(now)}`),
  },
  {
    name: "no token at all, but a word",
    status: 401,
    reason: "token_malformed",
    request: () => bearing("hello"),
  },
  { name: "a token of two parts", status: 401, reason: "token_malformed", request: () => bearing("e30.e30") },
  {
    name: "a token of three empty parts",
    status: 401,
    reason: "token_malformed",
    request: () => bearing(".."),
  },
  {
    name: "an encrypted token",
    ...{ status: 401, reason: "token_malformed" },
    request: () => bearing(["e30", "e30", "e30", "e30", "e30"].join(".")),
  },
  {
    name: "alg none, without a signature",
    ...{ status: 401, reason: "token_algorithm" },
    request: async (means) => bearing(`${base64url({ alg: "none" })}.${(await partsOf(means))[1]}.`),
  },
  {
    name: "alg NoNe",
    ...{ status: 401, reason: "token_algorithm" },
    request: async (means) => bearing(`${base64url({ alg: "NoNe" })}.${(await partsOf(means))[1]}.`),
  },
  {
    name: "HS256 with the public key as the secret",
    ...{ status: 401, reason: "token_algorithm" },
    request: async (means) => {
      const key = await importJWK({ ...means.tenant.publicJwk, alg: "RS256" });
      if (key instanceof Uint8Array) throw new Error("an RSA key is expected");
      const head = base64url({ alg: "HS256", typ: "JWT", kid: means.tenant.keyId });
      const signed = `${head}.${(await partsOf(means))[1]}`;
      const mac = createHmac("sha256", await exportSPKI(key))
        .update(signed)
        .digest("base64url");
      return bearing(`${signed}.${mac}`);
    },
  },
  {
    name: "signed with a secret of one's own",
    ...{ status: 401, reason: "token_algorithm" },
    request: async () =>
      bearing(await new SignJWT({}).setProtectedHeader({ alg: "HS512" }).sign(Buffer.alloc(64))),
  },
  {
    name: "signed by somebody else under the tenant's key id",
    ...{ status: 401, reason: "token_signature" },
    request: async ({ forger, now }) => bearing(await forger.token(now)),
  },
  {
    name: "signed by a key that the tenant does not have",
    ...{ status: 401, reason: "token_key_unknown" },
    request: async ({ forger, now }) => bearing(await forger.token(now, {}, { kid: "forged" })),
  },
  {
    name: "a key that the token brings along itself",
    ...{ status: 401, reason: "token_signature" },
    request: async ({ forger, tenant, now }) =>
      bearing(await forger.token(now, {}, { jwk: forger.publicJwk, kid: tenant.keyId })),
  },
  {
    name: "another payload under the signature",
    ...{ status: 401, reason: "token_signature" },
    request: async (means) => {
      const [header, , signature] = await partsOf(means);
      return bearing(
        `${header}.${base64url({ aud: "api://sopsloop-relay", exp: 9_999_999_999 })}.${signature}`,
      );
    },
  },
  {
    name: "a cut signature",
    ...{ status: 401, reason: "token_signature" },
    request: async (means) => bearing((await partsOf(means)).join(".").slice(0, -8)),
  },
  {
    name: "a critical header that nobody knows",
    ...{ status: 401, reason: "token_malformed" },
    request: async (means) => {
      const [, payload, signature] = await partsOf(means);
      const header = base64url({ alg: "RS256", kid: means.tenant.keyId, crit: ["x"], x: 1 });
      return bearing(`${header}.${payload}.${signature}`);
    },
  },
  {
    name: "expired",
    ...{ status: 401, reason: "token_expired" },
    request: async (means) => bearing(await means.tenant.token(means.now, { exp: seconds(means) - HOUR_S })),
  },
  {
    name: "not valid yet",
    ...{ status: 401, reason: "token_claims" },
    request: async (means) => bearing(await means.tenant.token(means.now, { nbf: seconds(means) + HOUR_S })),
  },
  claiming("without an end", { exp: undefined }),
  claiming("an end in words", { exp: "tomorrow" }),
  claiming("for another audience", { aud: "https://management.azure.com" }),
  claiming("for an audience that begins alike", { aud: "api://sopsloop-relay-2" }),
  claiming("without an audience", { aud: undefined }),
  claiming("of another tenant's issuer", { iss: `https://login.microsoftonline.com/${OTHER}/v2.0` }),
  claiming("of an issuer elsewhere", { iss: `https://evil.example.com/${TENANT}/v2.0` }),
  claiming("without an issuer", { iss: undefined }),
  claiming("of another tenant", { tid: OTHER }, 401, "token_tenant"),
  claiming("of another application", { azp: OTHER }, 403, "token_caller"),
  claiming("of no application", { azp: undefined }, 403, "token_caller"),
  claiming(
    "of a list of applications",
    { azp: ["4962773b-9cdb-44cf-a8bf-237846a00ab7"] },
    403,
    "token_caller",
  ),
  claiming("without a role", { roles: undefined }, 403, "token_role"),
  claiming("with another role", { roles: ["Reader"] }, 403, "token_role"),
  claiming("with the role as text", { roles: "AzureEventGridSecureWebhookSubscriber" }, 403, "token_role"),
  claiming(
    "with the role as a scope",
    { roles: undefined, scp: "AzureEventGridSecureWebhookSubscriber" },
    403,
    "token_role",
  ),
];
