import { randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import type { Core } from "../core";
import { AUDIENCES } from "../entra/audiences";
import { TokenRefused } from "../entra/token-refused";
import { isObject, type JsonObject } from "../json";
import { VaultRefusal } from "../keyvault/vault-refusal";
import { ArmRefusal } from "./arm-refusal";
import { metadataEndpoints } from "./metadata";
import { operationReply } from "./operation-reply";
import { Requests } from "./requests";
import { parsePath } from "./resource-id";
import type { Reply } from "./resource-type";

/** `management.azure.com`. */
export function arm(core: Core): Hono {
  const app = new Hono();
  const requests = new Requests(core);
  app.get("/metadata/endpoints", (c) => c.json(metadataEndpoints(core, c.req.query("api-version"))));
  app.all("*", async (c) => {
    const id = randomUUID();
    for (const name of ["x-ms-request-id", "x-ms-correlation-request-id"]) c.header(name, id);
    const caller = await core.tokens.verify(c.req.header("authorization"), AUDIENCES.arm);
    const apiVersion = c.req.query("api-version");
    if (apiVersion === undefined)
      throw new ArmRefusal(
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
      );
    const operation = operationReply(core, c.req.path, new URL(c.req.url).search);
    if (operation) return answer(c, operation);
    const path = parsePath(c.req.path);
    if (path === undefined)
      throw new ArmRefusal(404, "NotFound", `'${c.req.path}' is not the path of anything in ARM.`);
    const body = await bodyOf(c);
    const query = (name: string) => c.req.query(name);
    return answer(c, await requests.handle(c.req.method, path, { core, caller, apiVersion, body, query }));
  });
  app.onError((error, c) => {
    c.header("x-ms-failure-cause", "gateway");
    if (error instanceof TokenRefused) return refusedToken(c, core, error);
    if (error instanceof ArmRefusal) return c.json(error.body, error.status as 400);
    if (error instanceof VaultRefusal) return c.json(error.body, error.status);
    process.stderr.write(`${c.req.method} ${c.req.path}: ${error.stack}\n`);
    return c.json({ error: { code: "InternalServerError", message: "Failure inside the emulator." } }, 500);
  });
  return app;
}

function answer(c: Context, { status, body, headers = {} }: Reply) {
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  return body === undefined ? c.body(null, status as 200) : c.json(body, status as 200);
}

async function bodyOf(c: Context): Promise<JsonObject> {
  const text = await c.req.text();
  if (text.trim() === "") return {};
  try {
    const body = JSON.parse(text);
    if (isObject(body)) return body;
  } catch {
    // Told below, like a body that is no object.
  }
  throw new ArmRefusal(
    400,
    "InvalidRequestContent",
    "The request content was invalid and could not be deserialized: it is not a JSON object.",
  );
}

function refusedToken(c: Context, core: Core, { reason }: TokenRefused) {
  const allowed = AUDIENCES.arm.flatMap((one) => [`'${one}/'`, `'${one}'`]).join(",");
  const texts: Readonly<Record<TokenRefused["reason"], readonly [string, string]>> = {
    missing: ["AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."],
    expired: [
      "ExpiredAuthenticationToken",
      "The access token expiry UTC time is earlier than current UTC time.",
    ],
    audience: [
      "InvalidAuthenticationTokenAudience",
      "The access token has been obtained for wrong audience or resource. It should exactly match with one of the " +
        `allowed audiences ${allowed}.`,
    ],
    issuer: ["InvalidAuthenticationTokenTenant", "The access token is from the wrong issuer."],
    signature: ["InvalidAuthenticationToken", "The access token has an invalid signature."],
    malformed: ["InvalidAuthenticationToken", "The access token is invalid."],
  };
  const [code, message] = texts[reason];
  const authority = `https://login.microsoftonline.com/${core.tokens.tenantId}`;
  c.header(
    "www-authenticate",
    `Bearer authorization_uri="${authority}", error="invalid_token", error_description="${message}"`,
  );
  return c.json({ error: { code, message } }, 401);
}
