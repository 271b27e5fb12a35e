import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../sandbox/processes/run";
import { digestOf, eventsOf } from "../unit/cli/preview-comment/support/engine";
import { largePreview } from "../unit/cli/preview-comment/support/large-preview";
import type { Benchmark } from "./benchmark";
import { atMost, sampleTable } from "./support/report";
import { interleaved } from "./support/timing";

const RESOURCES = 5_000;
const COMMAND = join(__dirname, "..", "..", "cli", "launcher", "sopsloop.cjs");
/** The least that anybody can do who wants to know what is in the file. */
const READ = `process.stdout.write(String(require("node:fs").readFileSync(process.argv[1], "utf8").split("\\n")
  .filter((line) => line.startsWith("{")).length))`;

/** How long the comment on a large preview takes, as the engine prints it in either form. */
export const previewComment: Benchmark = {
  name: "preview-comment",
  title: "The comment on a preview of 5,000 resources, against reading the preview",
  async measure(workshop) {
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-bench-comment-"));
    workshop.afterwards(async () => rmSync(folder, { recursive: true, force: true }));
    const files = { digest: join(folder, "digest.json"), events: join(folder, "events.json") };
    writeFileSync(files.digest, digestOf(largePreview(RESOURCES)));
    writeFileSync(files.events, eventsOf(largePreview(RESOURCES)));
    const commented = (file: string) => async () => {
      const markdown = await run(process.execPath, [COMMAND, "preview-comment", file], { cwd: folder });
      if (!markdown.includes("key-99")) throw new Error("the comment does not name a key that goes");
    };
    const candidates = [
      { name: "the comment, of --json", run: commented(files.digest) },
      { name: "the comment, of streamed events", run: commented(files.events) },
      { name: "Node reads the events", run: () => run(process.execPath, ["-e", READ, files.events]) },
    ];
    const [digest, events, read] = await interleaved(candidates, workshop.runs);
    if (!digest || !events || !read) throw new Error("three candidates give three samples");
    const mib = (file: string) => (statSync(file).size / 2 ** 20).toFixed(1);
    const samples = Object.fromEntries(
      [digest, events, read].map((sample, at) => [candidates[at]?.name ?? "", sample]),
    );
    return {
      blocks: [
        sampleTable(samples),
        `${RESOURCES} resources, ${mib(files.digest)} MiB as --json and ${mib(files.events)} MiB as events. Whole processes.`,
      ],
      verdicts: [
        atMost("seconds, of --json", digest.median / 1000, 2),
        atMost("seconds, of streamed events", events.median / 1000, 2),
        atMost("ratio of medians, to reading them", events.median / read.median, 20),
      ],
    };
  },
};
