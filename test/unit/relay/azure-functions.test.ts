import { HttpRequest } from "@azure/functions";
import { expect, test } from "vitest";
import { functionOf } from "../../../relay/platforms/azure-functions";
import { keyEvent, SUBSCRIPTION, validationEvent } from "./support/events";
import { Rig, SECRET } from "./support/rig";

const headers = {
  ...{ "content-type": "application/json", "x-relay-secret": SECRET },
  ...{ "aeg-event-type": "Notification", "aeg-subscription-name": SUBSCRIPTION },
};

function posted(body: unknown, more: Record<string, string> = {}): HttpRequest {
  const text = JSON.stringify(body);
  return new HttpRequest({
    ...{ url: "https://app.azurewebsites.net/events", method: "POST" },
    ...{ headers: { ...headers, ...more }, body: { string: text } },
  });
}

test("a delivery, from the host's request to the host's answer", async () => {
  const rig = new Rig();
  const answer = await functionOf(rig.relay.handler)(posted([keyEvent()]));
  expect(answer.status).toBe(200);
  expect(JSON.parse(String(answer.body))).toEqual({ triggered: 1, duplicate: 0, ignored: 0 });
  expect(rig.world.calls).toHaveLength(1);
});

test("both handshakes", async () => {
  const call = functionOf(new Rig().relay.handler);
  const code = await call(posted([validationEvent("abc")], { "aeg-event-type": "SubscriptionValidation" }));
  expect([code.status, code.body]).toEqual([200, '{"validationResponse":"abc"}']);
  const options = await call(
    new HttpRequest({
      ...{ url: "https://app.azurewebsites.net/events", method: "OPTIONS" },
      headers: { "WebHook-Request-Origin": "eventgrid.azure.net" },
    }),
  );
  expect(options.status).toBe(200);
  expect(options.headers).toContainEqual(["webhook-allowed-origin", "eventgrid.azure.net"]);
});

test("refusals and headers come through", async () => {
  const call = functionOf(new Rig().relay.handler);
  const refused = await call(posted([keyEvent()], { "x-relay-secret": "wrong" }));
  expect(refused.status).toBe(401);
  const get = await call(new HttpRequest({ url: "https://app.azurewebsites.net/healthz", method: "GET" }));
  expect([get.status, get.body]).toEqual([200, "ok\n"]);
});
