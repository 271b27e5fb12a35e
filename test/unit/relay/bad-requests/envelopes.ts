import { keyEvent, SUBSCRIPTION, validationEvent } from "../support/events";
import { delivery, SECRET } from "../support/rig";
import type { BadRequest } from "./bad-request";

const URL_ = "https://relay.example.com";

function withMethod(method: string, path = "/events"): BadRequest {
  return {
    name: `${method} ${path}`,
    status: 405,
    request: () => new Request(`${URL_}${path}`, { method, headers: { "x-relay-secret": SECRET } }),
  };
}

function withPath(path: string): BadRequest {
  const { headers } = delivery("[]");
  return {
    name: `POST ${path}`,
    status: 404,
    request: () =>
      new Request(`${URL_}${path}`, { method: "POST", headers, body: JSON.stringify([keyEvent()]) }),
  };
}

function withType(type: string): BadRequest {
  return {
    name: `content type ${type}`,
    status: 415,
    request: () => delivery([keyEvent()], { "content-type": type }),
  };
}

function withSecret(name: string, secret: string, reason = "secret_wrong"): BadRequest {
  return {
    ...{ name, status: 401, reason },
    request: () => delivery([keyEvent()], { "x-relay-secret": secret }),
  };
}

/** Requests that are wrong before their body matters. */
export const ENVELOPES: readonly BadRequest[] = [
  withMethod("GET"),
  withMethod("PUT"),
  withMethod("PATCH"),
  withMethod("DELETE"),
  withMethod("HEAD"),
  withMethod("POST", "/healthz"),
  withMethod("DELETE", "/readyz"),
  withPath("/"),
  withPath("/event"),
  withPath("/events/"),
  withPath("/events/../admin"),
  withPath("/api/events"),
  withPath("/%2e%2e/etc/passwd"),
  withType("text/plain"),
  withType("application/x-www-form-urlencoded"),
  withType("multipart/form-data; boundary=x"),
  withType("application/jsonp"),
  withType("application/json2"),
  withType("text/html, application/json"),
  withType("text/plain; charset=utf-8"),
  {
    name: "no secret",
    ...{ status: 401, reason: "secret_missing" },
    request: () => {
      const { url, headers } = delivery("[]");
      headers.delete("x-relay-secret");
      return new Request(url, { method: "POST", headers, body: JSON.stringify([keyEvent()]) });
    },
  },
  withSecret("an empty secret", ""),
  withSecret("another secret", "x".repeat(SECRET.length)),
  withSecret("the secret's beginning", SECRET.slice(0, -1)),
  withSecret("the secret and more", `${SECRET}x`),
  withSecret("the secret in capitals", SECRET.toUpperCase()),
  withSecret("the secret twice", `${SECRET}, ${SECRET}`),
  {
    name: "the secret as a bearer token",
    ...{ status: 401, reason: "secret_missing" },
    request: () => {
      const { url, headers } = delivery("[]", { authorization: `Bearer ${SECRET}` });
      headers.delete("x-relay-secret");
      return new Request(url, { method: "POST", headers, body: JSON.stringify([keyEvent()]) });
    },
  },
  {
    name: "another subscription",
    ...{ status: 403, reason: "subscription_unknown" },
    request: () => delivery([keyEvent()], { "aeg-subscription-name": "ANOTHER" }),
  },
  {
    name: "a subscription that begins alike",
    ...{ status: 403, reason: "subscription_unknown" },
    request: () => delivery([keyEvent()], { "aeg-subscription-name": `${SUBSCRIPTION}-2` }),
  },
  {
    name: "a handshake without a subscription",
    ...{ status: 403, reason: "subscription_unknown" },
    request: () => {
      const { url, headers } = delivery("[]", { "aeg-event-type": "SubscriptionValidation" });
      headers.delete("aeg-subscription-name");
      return new Request(url, { method: "POST", headers, body: JSON.stringify([validationEvent()]) });
    },
  },
  {
    name: "an origin beside a known one",
    ...{ status: 403, reason: "origin_unknown" },
    request: () =>
      new Request(`${URL_}/events`, {
        method: "OPTIONS",
        headers: { "webhook-request-origin": "eventgrid.azure.net, evil.example.com" },
      }),
  },
  {
    name: "a browser's preflight",
    ...{ status: 403, reason: "origin_unknown" },
    request: () =>
      new Request(`${URL_}/events`, {
        method: "OPTIONS",
        headers: { origin: "https://evil.example.com", "access-control-request-method": "POST" },
      }),
  },
];
