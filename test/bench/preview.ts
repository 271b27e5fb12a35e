import { devConfig } from "../sandbox/support/dev-config";
import type { Loop } from "../sandbox/support/loop";
import type { Benchmark } from "./benchmark";
import { Project } from "./support/project";
import { atMost, sampleTable } from "./support/report";
import { interleaved } from "./support/timing";

const TARGET = 1.5;

/** A program that declares nothing, run exactly as this one is. */
async function emptyProgram(loop: Loop): Promise<Project> {
  const project = Project.make(loop, "empty", {
    files: {
      // The sandbox's launcher of the language host reads these options line by line.
      "Pulumi.yaml": [
        "name: empty",
        "runtime:",
        "  name: nodejs",
        "  options:",
        "    typescript: false",
        "    nodeargs: --import tsx",
        "",
      ].join("\n"),
      "index.ts": "export {};\n",
    },
    links: {
      "package.json": "package.json",
      "tsconfig.json": "tsconfig.json",
      node_modules: "node_modules",
    },
  });
  await project.pulumi("stack", "init", "empty");
  await project.pulumi("up", "--yes", "--skip-preview", "--stack=empty");
  return project;
}

/** What the program costs on top of what any program costs: its packages, its two plugins, its 23 resources. */
export const preview: Benchmark = {
  name: "preview",
  title: "No-op preview against an empty program's",
  async measure(workshop) {
    const loop = await workshop.loop();
    const stack = await loop.stack("bench", devConfig(loop.layout));
    await stack.up();
    const empty = await emptyProgram(loop);
    const [ours, theirs] = await interleaved(
      [
        { name: "the program", run: () => stack.succeed("preview", "--expect-no-changes") },
        {
          name: "an empty program",
          run: () => empty.pulumi("preview", "--expect-no-changes", "--stack=empty"),
        },
      ],
      workshop.runs,
    );
    if (!ours || !theirs) throw new Error("two candidates give two samples");
    return {
      blocks: [sampleTable({ "the program": ours, "an empty program": theirs })],
      verdicts: [atMost("ratio of medians", ours.median / theirs.median, TARGET)],
    };
  },
};
