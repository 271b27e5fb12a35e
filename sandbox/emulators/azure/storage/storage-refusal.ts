import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { TokenRefused } from "../entra/token-refused";
import type { StorageKind } from "./azurite";

/** An answer of storage that is not what was asked for. */
export class StorageRefusal extends Error {
  override readonly name = "StorageRefusal";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Tells why, as blobs do in XML, and tables in JSON. */
export function refuse(kind: StorageKind, response: ServerResponse, error: unknown, tenantId: string): void {
  const { status, code, message } = refusalOf(error);
  const id = randomUUID();
  const text = `${message}\nRequestId:${id}\nTime:${new Date().toISOString()}`;
  const body =
    kind === "blob"
      ? `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${text}</Message></Error>`
      : JSON.stringify({ "odata.error": { code, message: { lang: "en-US", value: text } } });
  const challenge =
    `Bearer authorization_uri=https://login.microsoftonline.com/${tenantId}/oauth2/authorize ` +
    "resource_id=https://storage.azure.com";
  response.writeHead(status, {
    "content-type": kind === "blob" ? "application/xml" : "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "x-ms-error-code": code,
    "x-ms-request-id": id,
    ...(status === 401 && { "www-authenticate": challenge }),
  });
  response.end(body);
}

function refusalOf(error: unknown): StorageRefusal {
  if (error instanceof StorageRefusal) return error;
  if (error instanceof TokenRefused)
    return error.reason === "missing"
      ? new StorageRefusal(
          401,
          "NoAuthenticationInformation",
          "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
        )
      : new StorageRefusal(
          401,
          "InvalidAuthenticationInfo",
          "Server failed to authenticate the request. Make sure the value of the Authorization header is formed correctly.",
        );
  process.stderr.write(`storage: ${error instanceof Error ? error.stack : error}\n`);
  return new StorageRefusal(500, "InternalError", "Failure inside the emulator.");
}
