import { devConfig } from "../sandbox/support/dev-config";
import type { Loop } from "../sandbox/support/loop";
import type { Benchmark } from "./benchmark";
import { Project } from "./support/project";
import { atMost, sampleTable } from "./support/report";
import { interleaved } from "./support/timing";

const TARGET = 1.5;

/** A program that declares nothing: run as Pulumi runs a TypeScript program by default, or exactly as this one is. */
async function emptyProgram(loop: Loop, name: string, options: readonly string[]): Promise<Project> {
  const runtime =
    options.length === 0 ? ["runtime: nodejs"] : ["runtime:", "  name: nodejs", "  options:", ...options];
  const project = Project.make(loop, name, {
    files: {
      // The sandbox's launcher of the language host reads these options line by line.
      "Pulumi.yaml": [`name: ${name}`, ...runtime, ""].join("\n"),
      "package.json": { name, main: "index.ts" },
      "tsconfig.json": {
        compilerOptions: { strict: true, target: "es2020", module: "nodenext", moduleResolution: "nodenext" },
        files: ["index.ts"],
      },
      "index.ts": "export {};\n",
    },
    links: { runtime: "runtime", node_modules: "node_modules" },
  });
  await project.pulumi("stack", "init", "empty");
  await project.pulumi("up", "--yes", "--skip-preview", "--stack=empty");
  return project;
}

const AS_SHIPPED = ["    typescript: false", "    nodeargs: --require ./runtime/quick-start.cjs"];

/** What the program costs on top of what any program costs: its packages, its two plugins, its 23 resources. */
export const preview: Benchmark = {
  name: "preview",
  title: "No-op preview against an empty program's",
  async measure(workshop) {
    const loop = await workshop.loop();
    const stack = await loop.stack("bench", devConfig(loop.layout));
    await stack.up();
    const usual = await emptyProgram(loop, "empty", []);
    const quick = await emptyProgram(loop, "empty-quick", AS_SHIPPED);
    const previewOf = (empty: Project) => () =>
      empty.pulumi("preview", "--expect-no-changes", "--stack=empty");
    const candidates = [
      { name: "the program", run: () => stack.succeed("preview", "--expect-no-changes") },
      { name: "an empty program, as Pulumi runs one by default", run: previewOf(usual) },
      { name: "an empty program, run as the program is", run: previewOf(quick) },
    ];
    const samples = await interleaved(candidates, workshop.runs);
    const [ours, theirs, least] = samples;
    if (!ours || !theirs || !least) throw new Error("three candidates give three samples");
    return {
      blocks: [
        sampleTable(Object.fromEntries(candidates.map(({ name }, at) => [name, samples[at] ?? ours]))),
        `Of the last, which gains from what was done to start the program quickly, it is ${(ours.median / least.median).toFixed(2)} times; no target.`,
      ],
      verdicts: [atMost("ratio of medians, to the default", ours.median / theirs.median, TARGET)],
    };
  },
};
