import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { KEY, keyEvent, SUBSCRIPTION, VAULT } from "../unit/relay/support/events";
import { RelayBundle, type RelayProcess } from "./support/relay-process";
import { SmallGitLab } from "./support/small-gitlab";

const SECRET = randomBytes(32).toString("hex");
const HEADERS = { "x-relay-secret": SECRET };

let built: RelayBundle;
let gitlab: SmallGitLab;
let env: Readonly<Record<string, string>>;
const running: RelayProcess[] = [];

beforeAll(async () => {
  built = new RelayBundle();
  gitlab = await SmallGitLab.start();
  env = {
    ...{ GITLAB_URL: gitlab.url, GITLAB_PROJECT: "101", GITLAB_TRIGGER_TOKEN: `glptt-${"a".repeat(40)}` },
    ...{
      RELAY_AUTH: "secret",
      RELAY_SECRET: SECRET,
      RELAY_KEYS: `${VAULT}/${KEY}`,
      RELAY_SUBSCRIPTIONS: SUBSCRIPTION,
    },
    RELAY_CLAIMS: built.place("claims"),
  };
});
afterEach(async () => {
  for (const relay of running.splice(0)) await relay.end("SIGKILL");
});
afterAll(async () => {
  await gitlab.stop();
  built.remove();
});

async function start(different: Readonly<Record<string, string>> = {}): Promise<RelayProcess> {
  const relay = await built.start({ ...env, ...different });
  running.push(relay);
  return relay;
}

/** Bytes on the wire, as no client would send them. @returns the first line of the answer. */
function wire({ url }: RelayProcess, send: (socket: Socket) => void): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => send(socket));
    let answer = "";
    socket.on("data", (part) => {
      answer += part;
      if (answer.includes("\r\n")) socket.destroy();
    });
    socket.on("close", () => resolve(answer.split("\r\n")[0] ?? ""));
    // A server that has said no may close before everything was sent.
    socket.on("error", (error) => (answer === "" ? reject(error) : resolve(answer.split("\r\n")[0] ?? "")));
  });
}

const HEAD = ["POST /events HTTP/1.1", "host: relay", "content-type: application/json"];
const head = (...more: readonly string[]) => `${[...HEAD, ...more].join("\r\n")}\r\n\r\n`;
const SECRET_LINE = `x-relay-secret: ${SECRET}`;

describe("on the wire", () => {
  test("a body in chunks, its length untold, is read; one above 1 MiB is refused", async () => {
    const relay = await start();
    const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
    const event = JSON.stringify([keyEvent()]);
    const good = await wire(relay, (socket) =>
      socket.write(
        `${head(SECRET_LINE, "transfer-encoding: chunked")}${chunk(event.slice(0, 50))}${chunk(event.slice(50))}0\r\n\r\n`,
      ),
    );
    expect(good).toContain(" 200 ");
    const large = await wire(relay, (socket) => {
      socket.write(head(SECRET_LINE, "transfer-encoding: chunked"));
      for (let count = 0; count < 40; count++) socket.write(chunk(" ".repeat(64 * 1024)));
    });
    expect(large).toContain(" 413 ");
  });

  test("a body that trickles is answered with 408", async () => {
    const relay = await start();
    let trickle: NodeJS.Timeout | undefined;
    const slow = await wire(relay, (socket) => {
      socket.write(head(SECRET_LINE, "content-length: 1000"));
      trickle = setInterval(() => socket.write("["), 300);
    });
    clearInterval(trickle);
    expect(slow).toContain(" 408 ");
  });

  test("a body that a stranger announces is not waited for", async () => {
    const relay = await start();
    expect(await wire(relay, (socket) => socket.write(head("content-length: 1000")))).toContain(" 401 ");
    expect(await wire(relay, (socket) => socket.write(head("content-length: 999999999")))).toContain(" 401 ");
  });

  test("headers above 16 KiB, and what is no HTTP, end the connection and nothing else", async () => {
    const relay = await start();
    expect(await wire(relay, (socket) => socket.write(head(`x: ${"x".repeat(20_000)}`)))).toContain(" 431 ");
    expect(await wire(relay, (socket) => socket.write("\x16\x03\x01\x02\x00\r\n\r\n"))).toContain(" 400 ");
    expect(
      await wire(relay, (socket) =>
        socket.write(
          "POST /events HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
        ),
      ),
    ).toContain(" 400 ");
    expect((await relay.post([keyEvent()], HEADERS))?.status).toBe(200);
  });

  test("answers have a length: in chunks, Event Grid once did not take them", async () => {
    const relay = await start();
    for (const path of ["/healthz", "/readyz", "/metrics"])
      expect((await fetch(`${relay.url}${path}`)).headers.get("content-length")).not.toBeNull();
    const refused = await relay.post("{", {});
    expect(refused?.headers.get("content-length")).not.toBeNull();
  });
});

describe("the process", () => {
  test("on SIGTERM it finishes what it has in hand, and takes nothing new", async () => {
    const relay = await start();
    let arrived = () => {};
    const called = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    let goOn = () => {};
    gitlab.script.push((_, response) => {
      arrived();
      goOn = () => response.writeHead(201).end(JSON.stringify({ id: 7 }));
    });
    const inHand = relay.post([keyEvent()], HEADERS);
    await called;
    const ended = relay.end("SIGTERM");
    while (!relay.out.includes('"message":"ending"')) await new Promise((resolve) => setImmediate(resolve));
    expect(await relay.post([keyEvent()], HEADERS)).toBeUndefined();
    goOn();
    expect((await inHand)?.status).toBe(200);
    expect(await ended).toBe(0);
  });

  test("on SIGTERM it also waits for a GitLab that is late, and notes what it has started", async () => {
    const claims = built.place("late");
    const relay = await start({ RELAY_CLAIMS: claims });
    let goOn = () => {};
    gitlab.script.push((_, response) => {
      goOn = () => response.writeHead(201).end(JSON.stringify({ id: 7 }));
    });
    const event = keyEvent();
    expect((await relay.post([event], HEADERS))?.status).toBe(503);
    const ended = relay.end("SIGTERM");
    while (!relay.out.includes('"message":"ending"')) await new Promise((resolve) => setImmediate(resolve));
    goOn();
    expect(await ended).toBe(0);
    const next = await start({ RELAY_CLAIMS: claims });
    expect(await (await next.post([event], HEADERS))?.json()).toMatchObject({ triggered: 0, duplicate: 1 });
  });

  test("wrong settings: every problem a line, exit code 2, nothing of a secret", async () => {
    const failed = await built
      .start({
        GITLAB_TRIGGER_TOKEN: "glpat-not-a-trigger-token",
        RELAY_AUTH: "secret",
        RELAY_SECRET: "too-short-a-secret",
      })
      .then(
        () => "it started",
        (error: Error) => error.message,
      );
    for (const name of ["GITLAB_URL", "GITLAB_TRIGGER_TOKEN", "RELAY_SECRET", "RELAY_CLAIMS"])
      expect(failed).toContain(`relay: ${name}: `);
    expect(failed).not.toMatch(/glpat-|too-short-a-secret/);
  });

  test("a folder that no claim can be written to: not ready, 503, no pipeline", async () => {
    const file = built.place("no-folder");
    writeFileSync(file, "");
    const relay = await start({ RELAY_CLAIMS: file });
    const before = gitlab.triggers.length;
    expect((await relay.post([keyEvent()], HEADERS))?.status).toBe(503);
    expect(await (await fetch(`${relay.url}/readyz`)).json()).toMatchObject({ claims: "not reachable" });
    expect(gitlab.triggers.length).toBe(before);
  });

  test("two processes on one folder, each event sent to both at once: one pipeline each", async () => {
    const relays = [await start(), await start()];
    const before = gitlab.triggers.length;
    const events = Array.from({ length: 30 }, () => keyEvent());
    const sent = events.flatMap((event) => relays.map((relay) => relay.post([event], HEADERS)));
    for (const response of await Promise.all(sent)) expect(response?.status).toBe(200);
    expect(gitlab.triggers.length - before).toBe(30);
  });
});
