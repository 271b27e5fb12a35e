import { app, type HttpRequest, type HttpResponseInit } from "@azure/functions";
import { metrics } from "@opentelemetry/api";
import type { Handler } from "../handler";
import { Relay } from "../relay";
import { readSettings } from "../settings/settings";
import { METER } from "./meter-name";

/** A request of Azure Functions to the handler, and its answer back. */
export function functionOf(handler: Handler): (request: HttpRequest) => Promise<HttpResponseInit> {
  return async ({ url, method, headers, body }) => {
    const request = new Request(url, {
      method,
      headers: [...headers.entries()],
      ...(body !== null && { body: body as ReadableStream<Uint8Array>, duplex: "half" }),
    } as RequestInit);
    const response = await handler(request);
    return {
      status: response.status,
      headers: [...response.headers.entries()],
      body: await response.text(),
    };
  };
}

/** The function app: everything that comes in over HTTP, and a nightly clean-up. */
export function registerFunctions(variables: Readonly<Record<string, string | undefined>>): void {
  const relay = new Relay(readSettings(variables), {
    // Figures go to whatever the host has set OpenTelemetry to; to nowhere where it has not.
    meter: metrics.getMeter(METER),
    writeLog: (line) => console.log(line),
  });
  app.http("relay", {
    route: "{*path}",
    methods: ["GET", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "HEAD"],
    // The relay itself asks for Event Grid's token or its secret, on every delivery.
    authLevel: "anonymous",
    handler: functionOf(relay.handler),
  });
  app.timer("forget-old-claims", { schedule: "0 23 3 * * *", handler: () => relay.purge() });
}
