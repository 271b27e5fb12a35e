import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { bundle } from "../../relay/build";
import { RelayBundle, type RelayProcess, startProcess } from "../relay/support/relay-process";
import { SmallGitLab } from "../relay/support/small-gitlab";
import { KEY, keyEvent, SUBSCRIPTION, VAULT } from "../unit/relay/support/events";
import { AUDIENCE, TENANT, Tenant } from "../unit/relay/support/tenant";
import type { Benchmark } from "./benchmark";
import { type LoadFigures, load } from "./support/load";
import { atLeast, atMost, table } from "./support/report";
import { interleaved, Sample } from "./support/timing";
import type { Workshop } from "./support/workshop";

const ROOT = join(__dirname, "..", "..");
const REQUESTS = 5_000;
/** Events that were dealt with before, each delivered again and again. */
const KNOWN = 500;
const NEW = 500;
const MIB = 1024 * 1024;

/** Publishes the tenant's keys, as Entra ID does. */
async function publishing(tenant: Tenant, workshop: Workshop): Promise<string> {
  const server: Server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(tenant.keys));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  workshop.afterwards(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A relay with Entra ID's tokens and claims in a folder, in front of a GitLab that starts nothing. */
async function settings(built: RelayBundle, tenant: Tenant, workshop: Workshop) {
  const gitlab = await SmallGitLab.start();
  workshop.afterwards(() => gitlab.stop());
  return {
    ...{ GITLAB_URL: gitlab.url, GITLAB_PROJECT: "101", GITLAB_TRIGGER_TOKEN: `glptt-${"a".repeat(40)}` },
    ...{ RELAY_AUTH: "entra", RELAY_ENTRA_TENANT: TENANT, RELAY_ENTRA_AUDIENCES: AUDIENCE },
    ...{ RELAY_ENTRA_AUTHORITY: await publishing(tenant, workshop), RELAY_KEYS: `${VAULT}/${KEY}` },
    ...{ RELAY_SUBSCRIPTIONS: SUBSCRIPTION, RELAY_CLAIMS: built.place("claims") },
  };
}

function figuresRow(name: string, figures: readonly LoadFigures[]): string[] {
  const rate = new Sample(figures.map(({ requestsPerSecond }) => requestsPerSecond)).median;
  return [name, rate.toFixed(0), `${p99Of(figures).toFixed(2)} ms`];
}

function p99Of(figures: readonly LoadFigures[]): number {
  return new Sample(figures.map(({ p99 }) => p99)).median;
}

/** What the relay costs on top of the least that a webhook can do, and how soon it is there. */
export const relay: Benchmark = {
  name: "relay",
  title: "The relay against a bare echo",
  async measure(workshop) {
    const built = new RelayBundle();
    workshop.afterwards(async () => built.remove());
    const tenant = await Tenant.create();
    const env = await settings(built, tenant, workshop);
    const processes: RelayProcess[] = [
      await built.start(env),
      await startProcess([join(__dirname, "peers", "echo.cjs")], {}),
    ];
    for (const each of processes) workshop.afterwards(() => each.end("SIGKILL"));
    const [ours, echo] = processes;
    if (!ours || !echo) throw new Error("two processes were started");
    const headers = {
      "content-type": "application/json",
      authorization: `Bearer ${await tenant.tokenV1(Date.now())}`,
    };
    const events = (count: number) => Array.from({ length: count }, () => JSON.stringify([keyEvent()]));
    const known = events(KNOWN);
    const functions = built.place("functions.cjs");
    writeFileSync(functions, bundle("azure-functions", ROOT).bytes);
    await load(ours.url, headers, known);
    const again = Array.from({ length: REQUESTS }, (_, index) => known[index % KNOWN] ?? "");
    const results = {
      echo: [] as LoadFigures[],
      duplicates: [] as LoadFigures[],
      fresh: [] as LoadFigures[],
    };
    const samples = await interleaved(
      [
        { name: "a bare echo", run: async () => results.echo.push(await load(echo.url, headers, again)) },
        {
          name: "the relay, duplicates",
          run: async () => results.duplicates.push(await load(ours.url, headers, again)),
        },
        {
          name: "the relay, new events",
          run: async () => results.fresh.push(await load(ours.url, headers, events(NEW))),
        },
        {
          name: "cold start, Node",
          run: async () => (await built.start({ ...env, RELAY_CLAIMS: built.place("cold") })).end("SIGKILL"),
        },
        {
          name: "cold start, function app",
          run: () => startProcess(["-e", `require(${JSON.stringify(functions)});${NOTHING}`], env),
        },
        { name: "Node itself", run: () => startProcess(["-e", NOTHING], {}) },
      ],
      workshop.runs,
    );
    const counted = (figures: readonly LoadFigures[]) => figures.slice(1);
    const [echoMs, ourMs, , coldMs, functionsMs, nodeMs] = samples.map(({ median }) => median);
    if (!echoMs || !ourMs || !coldMs || !functionsMs || !nodeMs)
      throw new Error("six candidates give six samples");
    const size = Math.max(
      ...(["azure-functions", "node"] as const).map((one) => bundle(one, ROOT).bytes.byteLength),
    );
    return {
      blocks: [
        table(
          ["what", "requests/s", "p99"],
          [
            figuresRow("a bare echo of node:http", counted(results.echo)),
            figuresRow(
              "the relay, duplicates: a known token, answered from what was read of the claims",
              counted(results.duplicates),
            ),
            figuresRow(
              "the relay, new events: two durable claims and a call of GitLab each",
              counted(results.fresh),
            ),
          ],
        ),
        `Of the start, ${nodeMs.toFixed(0)} ms are Node's own.`,
      ],
      verdicts: [
        atLeast("duplicates, requests/s, ratio to the echo", echoMs / ourMs, 0.5),
        atLeast(
          "duplicates, p99, ratio to the echo",
          p99Of(counted(results.echo)) / p99Of(counted(results.duplicates)),
          0.5,
        ),
        atMost("ms from the start of the process until the server listens", coldMs, 300),
        atMost("ms from the start of the process until the function app is registered", functionsMs, 300),
        atMost("MiB, the larger bundle", size / MIB, 2),
      ],
    };
  },
};

const NOTHING = `process.stdout.write(JSON.stringify({ message: "listening", address: "-" }))`;
