import { EmulatedAzure } from "../cli/backends/azure/support/emulated-azure";
import type { Benchmark } from "./benchmark";
import { AzureTree } from "./support/azure-tree";
import { atLeast, sampleTable } from "./support/report";
import { interleaved, type Sample } from "./support/timing";

const FILES = 1000;

/** `sopsloop rewrap` for a rotated key of Azure against the one command of sops that moves such files. */
export const azureRewrap: Benchmark = {
  name: "azure-rewrap",
  title: "A new version of an Azure key: `sopsloop rewrap` against `sops updatekeys` in one process",
  async measure(workshop) {
    const loop = await workshop.loop();
    const azure = await EmulatedAzure.start();
    workshop.afterwards(() => azure.stop());
    const tree = await AzureTree.make(azure, loop.env, FILES);
    workshop.afterwards(async () => tree.remove());
    const prepare = () => tree.rotate();
    const settle = () => tree.requireFresh();
    const candidates = {
      "sopsloop rewrap": { prepare, run: () => tree.sopsloop("rewrap"), settle },
      "sopsloop status, nothing stale": { run: () => tree.sopsloop("status") },
      "sops updatekeys, all in one process": { prepare, run: () => tree.updatekeys(), settle },
      "sops updatekeys, nothing stale": { run: () => tree.updatekeys() },
    };
    const named = Object.entries(candidates).map(([name, candidate]) => ({ name, ...candidate }));
    const samples = await interleaved(named, workshop.runs);
    const of = Object.fromEntries(named.map(({ name }, at) => [name, samples[at]])) as Record<
      keyof typeof candidates,
      Sample
    >;
    return {
      blocks: [
        sampleTable(of),
        `${FILES} YAML files with 5 encrypted values each and one key of 2,048 bits; Azure is emulated on the same machine, behind its proxy, so ` +
          "that no network's time is in it.",
      ],
      verdicts: [
        atLeast(
          "rewrap, ratio to sops updatekeys in one process",
          of["sops updatekeys, all in one process"].median / of["sopsloop rewrap"].median,
          5,
        ),
      ],
    };
  },
};
