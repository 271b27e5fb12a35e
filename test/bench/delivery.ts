import { randomBytes } from "node:crypto";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../sandbox/processes/until";
import { DeployClone } from "../../sandbox/proof/deploy-clone";
import { FluxState } from "../../sandbox/proof/flux-state";
import { KubeApi } from "../../sandbox/servers/kube-api";
import { devConfig } from "../sandbox/support/dev-config";
import type { Benchmark } from "./benchmark";
import { sampleTable } from "./support/report";
import { Sample } from "./support/timing";

const INTERVAL_SECONDS = 10;
const FILE = "apps/bench.sops.yaml";
const SECRET = "/api/v1/namespaces/default/secrets/bench";
const LIMITS = { timeoutMs: 120_000, pauseMs: 25 };

/** Milliseconds from the end of `git push`. */
interface Delivery {
  /** Until source-controller has the commit. */
  readonly fetched: number;
  /** Until the Secret in the cluster has the new value. */
  readonly arrived: number;
}

/** Pushes new secrets and watches them arrive. */
class Courier {
  constructor(
    private readonly clone: DeployClone,
    private readonly api: KubeApi,
    private readonly flux: FluxState,
  ) {}

  /** @param phase part of the interval, 0 to 1, to let pass before the push, so that pushes do not follow Flux's rhythm. */
  async deliver(nudge: boolean, phase: number): Promise<Delivery> {
    const { clone, flux } = this;
    const value = randomBytes(24).toString("base64url");
    clone.write(
      FILE,
      `apiVersion: v1\nkind: Secret\nmetadata: {name: bench, namespace: default}\nstringData: {value: ${value}}\n`,
    );
    await clone.encrypt(FILE);
    await sleep(phase * INTERVAL_SECONDS * 1000);
    const commit = await clone.push("Measure the delivery");
    const begun = performance.now();
    const hint = () => flux.explain();
    if (nudge) await flux.fetchNow();
    await until(async () => (await flux.hasFetched(commit)) || undefined, {
      ...LIMITS,
      hint,
      what: "Flux to fetch the commit",
    });
    const fetched = performance.now() - begun;
    await until(async () => (await this.has(value)) || undefined, { ...LIMITS, hint, what: "the Secret" });
    return { fetched, arrived: performance.now() - begun };
  }

  private async has(value: string): Promise<boolean> {
    const secret = await this.api.find<{ data?: { value?: string } }>(SECRET);
    return Buffer.from(secret?.data?.value ?? "", "base64").toString() === value;
  }
}

/** How long a developer waits between `git push` and the Secret, and for whom. */
export const delivery: Benchmark = {
  name: "delivery",
  title: "From `git push` to the Secret in the cluster",
  async measure(workshop) {
    const loop = await workshop.loop();
    const source = { url: loop.layout.git.url, interval: `${INTERVAL_SECONDS}s` };
    const stack = await loop.stack("bench", devConfig(loop.layout, { flux: { source } }));
    await stack.up();
    await loop.sandbox.cluster.ready();
    const clone = await DeployClone.of(loop.layout.git.url, loop.env);
    const api = KubeApi.admin(loop.layout);
    const alone: Delivery[] = [];
    const nudged: Delivery[] = [];
    try {
      clone.write(".sops.yaml", String((await stack.outputs()).sopsConfig));
      const courier = new Courier(clone, api, new FluxState(api, loop.layout.git.url));
      await courier.deliver(true, 0);
      for (let round = 0; round < workshop.runs; round += 1) {
        const phase = (round + 0.5) / workshop.runs;
        alone.push(await courier.deliver(false, phase));
        nudged.push(await courier.deliver(true, phase));
        console.error(`  ${round + 1} of ${workshop.runs}`);
      }
    } finally {
      api.close();
      clone.close();
    }
    const rows = { ...rowsOf("Flux alone", alone), ...rowsOf("nudged", nudged) };
    const share = sum(alone, "fetched") / sum(alone, "arrived");
    return {
      blocks: [
        sampleTable(rows),
        `Source interval ${INTERVAL_SECONDS} s. Of all the time that Flux took alone, ${Math.round(share * 100)} % passed before ` +
          "source-controller had the commit: that is its interval. A webhook to Flux's Receiver, which does what the nudge does, saves it.",
      ],
      verdicts: [],
    };
  },
};

function rowsOf(name: string, deliveries: readonly Delivery[]): Record<string, Sample> {
  return {
    [`${name}: push to Secret`]: new Sample(deliveries.map(({ arrived }) => arrived)),
    [`${name}: push to fetch`]: new Sample(deliveries.map(({ fetched }) => fetched)),
    [`${name}: fetch to Secret`]: new Sample(deliveries.map(({ arrived, fetched }) => arrived - fetched)),
  };
}

function sum(deliveries: readonly Delivery[], name: keyof Delivery): number {
  return deliveries.reduce((total, one) => total + one[name], 0);
}
