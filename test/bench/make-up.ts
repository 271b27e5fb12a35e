import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../sandbox/processes/run";
import type { Benchmark } from "./benchmark";
import { atMost, sampleTable } from "./support/report";
import { interleaved } from "./support/timing";

const TARGET_SECONDS = 60;
const CHECKOUT = join(__dirname, "..", "..");
const NOT_COPIED = [".git", ".sandbox", "node_modules"];

function make(target: string, folder = CHECKOUT, flags: readonly string[] = []): Promise<string> {
  // Whoever started this may be make itself, with flags for its own children.
  const { MAKEFLAGS, MFLAGS, MAKELEVEL, ...env } = process.env;
  return run("make", [...flags, target], { cwd: folder, env });
}

/** make must take the packages of a copy as they are: they are the checkout's own, and `npm ci` begins by deleting them. */
const PACKAGES_ARE_THERE = ["--old-file=node_modules/.package-lock.json"];

/** The checkout as a newcomer has it, but with the packages installed. */
function freshCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), "sopsloop-fresh-"));
  cpSync(CHECKOUT, folder, {
    recursive: true,
    filter: (source) => !NOT_COPIED.some((name) => source === join(CHECKOUT, name)),
  });
  symlinkSync(join(CHECKOUT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** How long `make up` takes with the tools built. It uses the sandbox of this checkout and leaves it stopped. */
export const makeUp: Benchmark = {
  name: "make-up",
  title: "`make up` with the tools built",
  async measure(workshop) {
    workshop.afterwards(() => make("down"));
    await make("up");
    let copy = "";
    const dropCopy = async () => {
      if (copy === "") return;
      await make("down", copy, PACKAGES_ARE_THERE);
      rmSync(copy, { recursive: true, force: true });
      copy = "";
    };
    workshop.afterwards(dropCopy);
    const [running, stopped, fresh] = await interleaved(
      [
        { name: "everything running", run: () => make("up") },
        { name: "after make down", prepare: () => make("down"), run: () => make("up") },
        {
          name: "fresh copy",
          // The fixed ports are free only while the checkout's own sandbox is down.
          prepare: async () => {
            await make("down");
            copy = freshCopy();
          },
          run: () => make("up", copy, PACKAGES_ARE_THERE),
          settle: async () => {
            await dropCopy();
            await make("up");
          },
        },
      ],
      workshop.runs,
    );
    if (!running || !stopped || !fresh) throw new Error("three candidates give three samples");
    return {
      blocks: [
        sampleTable({
          "everything running": running,
          "after `make down`": stopped,
          "fresh checkout: new Vault, new cluster": fresh,
        }),
      ],
      verdicts: [
        atMost("seconds, everything running", running.median / 1000, TARGET_SECONDS),
        atMost("seconds, after `make down`", stopped.median / 1000, TARGET_SECONDS),
        atMost("seconds, fresh checkout", fresh.median / 1000, TARGET_SECONDS),
      ],
    };
  },
};
