import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { deliverySecret } from "../../../components/azure/delivery-secret";
import { type RelayAuth, relaySecrecy, relaySettings } from "../../../components/azure/relay-settings";
import { outputsOf } from "../harness";

const SECRET: RelayAuth = { mode: "secret", secretIn: "header" };
const ENTRA = { mode: "entra", tenantId: "the-tenant", application: "api://relay", replayers: [] } as const;
const gitlab = { url: "https://gitlab.example.com", project: "101", branch: "main" };
const given = { gitlab, keys: ["kv-a/sops", "kv-b/sops"], subscription: "sops-prod-rotations" };

test("what a relay is told, as its own settings name it", () => {
  expect(relaySettings({ ...given, auth: SECRET })).toEqual({
    GITLAB_URL: "https://gitlab.example.com",
    GITLAB_PROJECT: "101",
    GITLAB_REF: "main",
    RELAY_KEYS: "kv-a/sops,kv-b/sops",
    RELAY_SUBSCRIPTIONS: "sops-prod-rotations",
    RELAY_AUTH: "secret",
  });
  expect(relaySettings({ ...given, auth: ENTRA })).toMatchObject({
    RELAY_AUTH: "entra",
    RELAY_ENTRA_TENANT: "the-tenant",
    RELAY_ENTRA_AUDIENCES: "api://relay",
  });
});

test("who may deliver beside Event Grid is told together with it, and nobody is told where there is nobody", () => {
  const replayers = ["33333333-3333-3333-3333-333333333333"];
  expect(relaySettings({ ...given, auth: { ...ENTRA, replayers } })).toMatchObject({
    RELAY_ENTRA_CALLERS: "4962773b-9cdb-44cf-a8bf-237846a00ab7,33333333-3333-3333-3333-333333333333",
  });
  expect(relaySettings({ ...given, auth: ENTRA })).not.toHaveProperty("RELAY_ENTRA_CALLERS");
});

describe("its secrets", () => {
  const TOKENS: Record<string, string> = { old: "glptt-old", new: "glptt-new" };

  /** As they would be registered: resolved, each with its mark. */
  const secrecy = (triggers: readonly string[], auth: RelayAuth, readToken?: pulumi.Output<string>) =>
    outputsOf(() => {
      class Secrecy extends pulumi.ComponentResource {
        constructor() {
          super("sopsloop:test:Secrecy", "secrecy");
          this.registerOutputs({ ...relaySecrecy(triggers, pulumi.output(TOKENS), auth, readToken) });
        }
      }
      return new Secrecy();
    });
  const secret = (name: string, value: string) => ({ name, value: { secret: value } });

  test("are a trigger token, and one for deliveries that follows from it", async () => {
    const { secrets, proof } = await secrecy(["old"], SECRET);
    expect(secrets).toEqual({
      GITLAB_TRIGGER_TOKEN: secret("gitlab-trigger-old", "glptt-old"),
      RELAY_SECRET: secret("relay-delivery-old", deliverySecret("glptt-old")),
    });
    expect(proof).toEqual({ secret: { secret: deliverySecret("glptt-old") }, secretIn: "header" });
  });

  test("are two of each while a token is rotated: Event Grid shows the new one, the relay takes both", async () => {
    const { secrets, proof } = await secrecy(["old", "new"], SECRET);
    expect(secrets).toEqual({
      GITLAB_TRIGGER_TOKEN: secret("gitlab-trigger-old", "glptt-old"),
      RELAY_SECRET: secret("relay-delivery-old", deliverySecret("glptt-old")),
      GITLAB_TRIGGER_TOKEN_NEXT: secret("gitlab-trigger-new", "glptt-new"),
      RELAY_SECRET_NEXT: secret("relay-delivery-new", deliverySecret("glptt-new")),
    });
    expect(proof).toEqual({ secret: { secret: deliverySecret("glptt-new") }, secretIn: "header" });
  });

  test("are the same where Event Grid shows one in the address", async () => {
    const { secrets, proof } = await secrecy(["old"], { mode: "secret", secretIn: "address" });
    expect(secrets).toEqual((await secrecy(["old"], SECRET)).secrets);
    expect(proof).toEqual({ secret: { secret: deliverySecret("glptt-old") }, secretIn: "address" });
  });

  test("for deliveries there are none where Entra ID vouches for Event Grid", async () => {
    const { secrets, proof } = await secrecy(["old"], ENTRA);
    expect(secrets).toEqual({ GITLAB_TRIGGER_TOKEN: secret("gitlab-trigger-old", "glptt-old") });
    expect(proof).toEqual({ tenantId: "the-tenant", application: "api://relay" });
  });

  test("have one that reads beside them where the config has it", async () => {
    const { secrets } = await secrecy(["old"], ENTRA, pulumi.secret("glpat-reads"));
    expect(secrets).toEqual({
      GITLAB_TRIGGER_TOKEN: secret("gitlab-trigger-old", "glptt-old"),
      GITLAB_READ_TOKEN: secret("gitlab-read", "glpat-reads"),
    });
  });
});

test("a delivery secret is long enough for the relay, and does not show the token that it is made of", () => {
  expect(deliverySecret("glptt-old")).toMatch(/^[0-9a-f]{64}$/);
  expect(deliverySecret("glptt-old")).not.toBe(deliverySecret("glptt-new"));
});
