import type { Benchmark } from "./benchmark";
import { ChartTree } from "./support/chart-tree";
import { atLeast, sampleTable } from "./support/report";
import { interleaved, type Sample } from "./support/timing";

const SECRETS = 500;

/** `sopsloop chart` against what one would write instead: a shell loop of `sops encrypt`. */
export const chart: Benchmark = {
  name: "chart",
  title: "A chart with its Secrets: `sopsloop chart` against sops, file by file",
  async measure(workshop) {
    const loop = await workshop.loop();
    await loop.vault.send("POST", "sys/mounts/transit", { type: "transit" });
    await loop.vault.send("POST", "transit/keys/sops", { type: "aes256-gcm96" });
    const tree = await ChartTree.make(loop, SECRETS);
    workshop.afterwards(async () => tree.remove());
    const candidates = {
      "sopsloop chart, everything new": { prepare: () => tree.clear(), run: () => tree.chart(SECRETS) },
      "sopsloop chart, nothing changed": { run: () => tree.chart(0) },
      "sops encrypt, one by one": { run: () => tree.sops(1) },
      "sops encrypt, two at a time": { run: () => tree.sops(2) },
    };
    const named = Object.entries(candidates).map(([name, candidate]) => ({ name, ...candidate }));
    const samples = await interleaved(named, workshop.runs);
    const of = Object.fromEntries(named.map(({ name }, at) => [name, samples[at]])) as Record<
      keyof typeof candidates,
      Sample
    >;
    const loopMs = of["sops encrypt, one by one"].median;
    return {
      blocks: [
        sampleTable(of),
        `${SECRETS} Secrets with 5 values each, real Vault over TLS. The loop encrypts files that lie in plain text on the disk; sopsloop takes the ` +
          "values from variables, renders a chart, checks each file that sops makes, and writes digests. The loop cannot tell what has changed.",
      ],
      verdicts: [
        atLeast(
          "everything new, ratio to one by one",
          loopMs / of["sopsloop chart, everything new"].median,
          1.8,
        ),
        atLeast(
          "nothing changed, ratio to one by one",
          loopMs / of["sopsloop chart, nothing changed"].median,
          50,
        ),
      ],
    };
  },
};
