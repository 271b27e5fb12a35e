import type { Benchmark } from "./benchmark";
import { atLeast, atMost, inSeconds, sampleTable } from "./support/report";
import { SopsTree } from "./support/sops-tree";
import { interleaved, type Sample, timed } from "./support/timing";

const FILES = 1000;
const TIMES = 10;
/** Files that one request to Vault is for; as cli/backends/vault has it. */
const BATCH = 250;

const LIST = "git ls-files -z '[0-9]*.sops.yaml'";
const ROTATE = "xargs -0 -n 1 sops rotate -i";
/** Answers no, as a look at what would change. */
const UPDATEKEYS = `xargs -0 -n 1 sh -c 'echo n | sops updatekeys "$0" >/dev/null 2>&1'`;
const twice = (command: string) => command.replace("-n 1", "-n 1 -P 2");

/** `sopsloop rewrap` and `status` against what there was: sops, file by file. */
export const rewrap: Benchmark = {
  name: "rewrap",
  title: "A new key version: `sopsloop` against sops, file by file",
  async measure(workshop) {
    const loop = await workshop.loop();
    await loop.vault.send("POST", "sys/mounts/transit", { type: "transit" });
    await loop.vault.send("POST", "transit/keys/sops", { type: "aes256-gcm96" });
    const rotate = () => loop.vault.send("POST", "transit/keys/sops/rotate", {});
    const tree = await SopsTree.make(loop, "files", FILES);
    workshop.afterwards(async () => tree.remove());
    const candidates = {
      "sopsloop rewrap": { prepare: rotate, run: () => tree.sopsloop(["rewrap"]) },
      "the floor: the same files read and written, one request a batch": { run: () => tree.floor(BATCH) },
      "sops rotate -i, one by one": { run: () => tree.shell(`${LIST} | ${ROTATE}`) },
      "sops rotate -i, two at a time": { run: () => tree.shell(`${LIST} | ${twice(ROTATE)}`) },
      "sopsloop status": { run: () => tree.sopsloop(["status"]) },
      "sops updatekeys, one by one": { run: () => tree.shell(`${LIST} | ${UPDATEKEYS}`) },
      "sops updatekeys, two at a time": { run: () => tree.shell(`${LIST} | ${twice(UPDATEKEYS)}`) },
    };
    // The last rewrapping of a round is the next one's start; sops rotate leaves every file fresh, so that status is clean.
    const named = Object.entries(candidates).map(([name, candidate]) => ({ name, ...candidate }));
    const samples = await interleaved(named, workshop.runs);
    const of = Object.fromEntries(named.map(({ name }, at) => [name, samples[at]])) as Record<
      keyof typeof candidates,
      Sample
    >;

    const large = await tree.multiplied(TIMES);
    workshop.afterwards(async () => large.remove());
    const grown = await interleaved(
      [tree, large].map((each) => ({
        name: `${each.files} files`,
        prepare: rotate,
        run: () => each.sopsloop(["rewrap"]),
      })),
      workshop.runs,
    );
    const [few, many] = grown;
    if (!few || !many) throw new Error("two candidates give two samples");
    await rotate();
    const mebibytes = await large.peakOf(["rewrap"]);
    const statusMs = await timed(() => large.sopsloop(["status"]));
    return {
      blocks: [
        sampleTable(of),
        sampleTable({
          [`sopsloop rewrap, ${FILES} files`]: few,
          [`sopsloop rewrap, ${FILES * TIMES} files`]: many,
        }),
        `${FILES} YAML files with 5 encrypted values each, real Vault over TLS. sops rotate makes new data keys too, and rewrites every value; sops ` +
          `updatekeys does not see that a Vault key was rotated at all. \`status\` of ${FILES * TIMES} files: ${inSeconds(statusMs)}.`,
      ],
      verdicts: [
        atLeast(
          "rewrap, ratio to one by one",
          of["sops rotate -i, one by one"].median / of["sopsloop rewrap"].median,
          100,
        ),
        atLeast(
          "rewrap, ratio to two at a time",
          of["sops rotate -i, two at a time"].median / of["sopsloop rewrap"].median,
          50,
        ),
        atLeast(
          "status, ratio to one by one",
          of["sops updatekeys, one by one"].median / of["sopsloop status"].median,
          100,
        ),
        atLeast(
          "status, ratio to two at a time",
          of["sops updatekeys, two at a time"].median / of["sopsloop status"].median,
          50,
        ),
        atMost(
          "rewrap, ratio to the floor",
          of["sopsloop rewrap"].median /
            of["the floor: the same files read and written, one request a batch"].median,
          5,
        ),
        atMost(`MiB of memory, ${FILES * TIMES} files`, mebibytes, 200),
        atMost(
          `${TIMES} times the files, ratio to ${TIMES} times the time`,
          many.median / (few.median * TIMES),
          1.2,
        ),
      ],
    };
  },
};
