import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insideSandbox } from "../../sandbox/person-environment";
import { until } from "../../sandbox/processes/until";
import { DeployClone } from "../../sandbox/proof/deploy-clone";
import { KubeApi, type KubeObject } from "../../sandbox/servers/kube-api";
import type { Sandbox } from "../../sandbox/servers/sandbox";
import { listening, onLoopback } from "./listening";
import { runningSandbox } from "./running-sandbox";

const SOURCES = "/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories";
const RECEIVERS = "/apis/notification.toolkit.fluxcd.io/v1/namespaces/flux-system/receivers";
const ALERTING = "/apis/notification.toolkit.fluxcd.io/v1beta3/namespaces/flux-system";
const SECRETS = "/api/v1/namespaces/flux-system/secrets";
const REQUESTED = "reconcile.fluxcd.io/requestedAt";
const LIMITS = { timeoutMs: 30_000 };
const TOKEN = "a token of this test";
/** As the documentation of Receivers has it: of the token, the name and the namespace. */
const HOOK = `/hook/${createHash("sha256").update(`${TOKEN}gitlabflux-system`).digest("hex")}`;

interface Source extends KubeObject {
  readonly status?: { readonly artifact?: { readonly revision: string } };
}

interface Receiver extends KubeObject {
  readonly status?: {
    readonly webhookPath?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** What Flux posts to a webhook of type generic, as far as it is looked at here. */
interface Event {
  readonly involvedObject: { readonly kind: string; readonly name: string };
  readonly reason: string;
  readonly message: string;
}

describe("notification-controller", () => {
  let sandbox: Sandbox;
  let api: KubeApi;
  let clone: DeployClone;
  let webhook: Server;
  const events: Event[] = [];
  let close: () => Promise<void> = async () => undefined;

  beforeAll(async () => {
    ({ sandbox, close } = await runningSandbox());
    api = KubeApi.admin(sandbox.layout);
    clone = await DeployClone.of(sandbox.layout.git.url, insideSandbox(sandbox.layout));
    webhook = createServer(async (request, response) => {
      events.push(JSON.parse(await text(request)) as Event);
      response.end();
    });
    await new Promise<void>((resolve) => webhook.listen(0, "127.0.0.1", resolve));
    await declare();
  });
  afterAll(async () => {
    clone?.close();
    api?.close();
    webhook?.close();
    await close();
  });

  async function declare(): Promise<void> {
    const { port } = webhook.address() as AddressInfo;
    const watched = [{ kind: "GitRepository", name: "deploy" }];
    const commit = await push("What the source starts from");
    await api.create(`${ALERTING}/providers`, {
      apiVersion: "notification.toolkit.fluxcd.io/v1beta3",
      kind: "Provider",
      metadata: { name: "ours" },
      spec: { type: "generic", address: `http://127.0.0.1:${port}/` },
    });
    await api.create(`${ALERTING}/alerts`, {
      apiVersion: "notification.toolkit.fluxcd.io/v1beta3",
      kind: "Alert",
      metadata: { name: "ours" },
      spec: { providerRef: { name: "ours" }, eventSeverity: "info", eventSources: watched },
    });
    await api.create(SECRETS, { metadata: { name: "gitlab-hook" }, stringData: { token: TOKEN } });
    await api.create(RECEIVERS, {
      apiVersion: "notification.toolkit.fluxcd.io/v1",
      kind: "Receiver",
      metadata: { name: "gitlab" },
      spec: {
        type: "gitlab",
        events: ["Push Hook"],
        secretRef: { name: "gitlab-hook" },
        resources: watched,
      },
    });
    await api.create(SOURCES, {
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "GitRepository",
      metadata: { name: "deploy" },
      // So rarely that within a test only a webhook makes it look again.
      spec: { url: sandbox.layout.git.url, interval: "24h", ref: { branch: "main" } },
    });
    await fetched(commit);
    // Its status is written before its own cache has it, and until then the path is unknown.
    const known = async () => ([404, 503].includes(await hook(HOOK, {})) ? undefined : true);
    await until(known, { ...LIMITS, what: "the receiver to know its path" });
  }

  /** With content of its own: Flux tells of new content only, not of every commit. */
  const push = (message: string) => {
    clone.write("notes.txt", message);
    return clone.push(message);
  };

  const source = () => api.find<Source>(`${SOURCES}/deploy`);
  const requestedAt = async () => (await source())?.metadata.annotations?.[REQUESTED];

  const fetched = (commit: string) =>
    until(
      async () => ((await source())?.status?.artifact?.revision === `main@sha1:${commit}` ? true : undefined),
      { ...LIMITS, what: `source-controller to have ${commit}` },
    );

  /** Posts as GitLab does; resolves with the status of the answer. */
  async function hook(path: string, headers: Readonly<Record<string, string>>): Promise<number> {
    const answer = await fetch(`${sandbox.layout.flux.receiver}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-gitlab-event": "Push Hook", ...headers },
      body: JSON.stringify({ object_kind: "push", ref: "refs/heads/main" }),
    });
    await answer.arrayBuffer();
    return answer.status;
  }

  test("a Receiver is ready at the path that its token, name and namespace give", async () => {
    const { status } = (await api.find<Receiver>(`${RECEIVERS}/gitlab`)) ?? {};
    expect(status?.webhookPath).toBe(HOOK);
    expect(status?.conditions).toContainEqual(expect.objectContaining({ type: "Ready", status: "True" }));
  });

  test.each([
    ["another token", HOOK, { "x-gitlab-token": `${TOKEN}.` }, 400],
    ["no token", HOOK, {}, 400],
    ["an event that is not declared", HOOK, { "x-gitlab-token": TOKEN, "x-gitlab-event": "Issue Hook" }, 400],
    ["another path", `${HOOK.slice(0, -1)}_`, { "x-gitlab-token": TOKEN }, 404],
    ["a path that is no hook", "/", { "x-gitlab-token": TOKEN }, 404],
  ])("%s is refused, and nothing is asked for", async (_what, path, headers, status) => {
    expect(await hook(path, headers)).toBe(status);
    expect(await requestedAt()).toBeUndefined();
  });

  test("a push that GitLab tells of is fetched at once, and an Alert tells of that", async () => {
    const commit = await push("Nobody would look at this before tomorrow");
    expect(await hook(HOOK, { "x-gitlab-token": TOKEN })).toBe(200);
    expect(await requestedAt()).toBeDefined();
    await fetched(commit);

    const told = async () => events.find(({ message }) => message.includes("Nobody would look at this"));
    const hint = () => `told was ${JSON.stringify(events)}`;
    const event = await until(told, { ...LIMITS, what: "the Alert", hint });
    expect(event).toMatchObject({
      involvedObject: { kind: "GitRepository", name: "deploy" },
      reason: "NewArtifact",
    });
  });

  test("no push is lost between two that follow on each other", async () => {
    const first = await requestedAt();
    await push("One");
    expect(await hook(HOOK, { "x-gitlab-token": TOKEN })).toBe(200);
    const commit = await push("Two");
    expect(await hook(HOOK, { "x-gitlab-token": TOKEN })).toBe(200);
    await fetched(commit);
    expect(await requestedAt()).not.toBe(first);
  });

  test("every controller listens on 127.0.0.1 only, this one where the layout says", () => {
    const { controllers } = sandbox.cluster;
    const where = [...controllers.values()].flatMap((pid = 0) => listening(pid));
    expect(where.filter((address) => !address.startsWith("0100007F:"))).toEqual([]);
    expect(new Set(where).size).toBe(where.length);
    const { events: taken, receiver } = sandbox.layout.ports;
    const own = listening(controllers.get("notification-controller") ?? 0);
    expect(own).toEqual(expect.arrayContaining([onLoopback(taken), onLoopback(receiver)]));
    // Health and metrics beside them.
    expect(own).toHaveLength(4);
  });
});
