import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSiteManagementClient } from "@azure/arm-appservice";
import { GROUP, LOCATION } from "./judges";
import type { TestAzure } from "./test-azure";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What a receiver answers. */
export interface Reaction {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How long it takes. */
  readonly afterMs?: number;
}

export type React = (request: Received) => Reaction;

/** Consents to every handshake, and takes every event. */
export const consenting: React = ({ method, headers, text }) => {
  if (method === "OPTIONS")
    return { status: 200, headers: { "webhook-allowed-origin": String(headers["webhook-request-origin"]) } };
  if (headers["aeg-event-type"] !== "SubscriptionValidation") return { status: 200 };
  const [event] = JSON.parse(text);
  return { status: 200, body: JSON.stringify({ validationResponse: event.data.validationCode }) };
};

/** A function app that this test runs in the place of Azure: made by Azure's client, led to a server of its own. */
export async function testReceiver(azure: TestAzure, site: string) {
  const received: Received[] = [];
  let react: React = consenting;
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => {
      text += part;
    });
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const got = { method, path: url, headers, text };
      received.push(got);
      const { status, headers: extra = {}, body = "", afterMs = 0 } = react(got);
      const timer = setTimeout(() => response.writeHead(status, extra).end(body), afterMs);
      response.on("close", () => clearTimeout(timer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { webApps } = new WebSiteManagementClient(azure.credential(), azure.subscriptionId, azure.options);
  await webApps.beginCreateOrUpdateAndWait(GROUP, site, { location: LOCATION, kind: "functionapp,linux" });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await azure.admin("PUT", `/sites/${site}`, { address });
  return {
    address,
    /** Everything that came, the oldest first. */
    received,
    /** Events alone, from all deliveries. */
    get events(): { readonly id: string; readonly [name: string]: unknown }[] {
      const deliveries = received.filter(({ headers }) => headers["aeg-event-type"] === "Notification");
      return deliveries.flatMap(({ text }) => JSON.parse(text));
    },
    reactsWith: (next: React) => {
      react = next;
    },
    forget: () => received.splice(0),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export type TestReceiver = Awaited<ReturnType<typeof testReceiver>>;
