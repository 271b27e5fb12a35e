import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { devConfig } from "../sandbox/support/dev-config";
import type { Loop } from "../sandbox/support/loop";
import type { Stack } from "../sandbox/support/stack";
import type { Benchmark } from "./benchmark";
import { Project } from "./support/project";
import { atLeast, sampleTable } from "./support/report";
import { type Candidate, interleaved, type Sample } from "./support/timing";

const TARGET = 2.5;
const CHECKOUT = join(__dirname, "..", "..");

/** What ts-node needs to load this program: it knows no bundler's way of finding modules. */
const TS_NODE_CONFIG = {
  compilerOptions: {
    target: "es2022",
    module: "commonjs",
    moduleResolution: "node10",
    strict: true,
    esModuleInterop: true,
    skipLibCheck: true,
    types: ["node"],
  },
  files: ["index.ts"],
};

/** A copy of the program on the same stack and state, whose files may be edited. */
class Copy {
  private edits = 0;

  private constructor(
    readonly name: string,
    private readonly project: Project,
    private readonly stack: Stack,
  ) {}

  static make(loop: Loop, stack: Stack, name: "shipped" | "ts-node"): Copy {
    const settings = `Pulumi.${stack.name}.yaml`;
    const shipped = name === "shipped";
    const project = Project.make(loop, name, {
      files: shipped
        ? {}
        : { "Pulumi.yaml": { name: "sopsloop", runtime: "nodejs" }, "tsconfig.json": TS_NODE_CONFIG },
      links: {
        "package.json": "package.json",
        node_modules: "node_modules",
        [settings]: join(stack.folder, settings),
        ...(shipped && {
          "Pulumi.yaml": "Pulumi.yaml",
          "tsconfig.json": "tsconfig.json",
          runtime: "runtime",
        }),
      },
    });
    for (const source of ["index.ts", "components"]) {
      cpSync(join(CHECKOUT, source), join(project.folder, source), { recursive: true });
    }
    return new Copy(name, project, stack);
  }

  /** A preview that shows no changes. */
  async preview(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const words = ["preview", "--expect-no-changes", `--stack=${this.stack.name}`];
    await this.project.withEnv(env).pulumi(...words);
  }

  /** A change of one file that changes nothing. */
  async edit(): Promise<void> {
    this.edits += 1;
    appendFileSync(join(this.project.folder, "index.ts"), `// Edit ${this.edits}.\n`);
  }

  /** ts-node keeps compiled files in the folder for temporary ones, the shipped one in `dist`: without both, it is a machine that never ran it. */
  previewAfresh(): Promise<void> {
    rmSync(join(this.project.folder, "dist"), { recursive: true, force: true });
    return this.preview({ TMPDIR: mkdtempSync(join(this.project.folder, "tmp-")) });
  }

  /** How many files ts-node compiles for a preview, from its own cache. Throws when it compiles none. */
  async compiledByTsNode(): Promise<number> {
    const cache = join(this.project.folder, "ts-node-cache");
    mkdirSync(cache);
    await this.preview({ TS_NODE_CACHE_DIRECTORY: cache });
    const files = readdirSync(cache, { recursive: true, encoding: "utf8" });
    const compiled = files.filter((file) => file.endsWith(".js")).length;
    if (compiled === 0) throw new Error(`${this.name} left nothing in ts-node's cache: it did not run`);
    return compiled;
  }
}

/** The three states that a preview may find. */
const STATES: readonly { name: string; of: (copy: Copy) => Omit<Candidate, "name"> }[] = [
  { name: "nothing compiled yet", of: (copy) => ({ run: () => copy.previewAfresh() }) },
  { name: "one file edited", of: (copy) => ({ prepare: () => copy.edit(), run: () => copy.preview() }) },
  { name: "nothing edited", of: (copy) => ({ run: () => copy.preview() }) },
];

/** What the shipped runtime, a bundle without type checking, saves against the default one. */
export const tsNode: Benchmark = {
  name: "ts-node",
  title: "No-op preview as shipped against Pulumi's default ts-node",
  async measure(workshop) {
    const loop = await workshop.loop();
    const stack = await loop.stack("bench", devConfig(loop.layout));
    await stack.up();
    const slow = Copy.make(loop, stack, "ts-node");
    const quick = Copy.make(loop, stack, "shipped");
    const files = await slow.compiledByTsNode();

    const samples: Record<string, Sample> = {};
    const ratios: number[] = [];
    for (const { name, of } of STATES) {
      const pair = [slow, quick].map((copy) => ({ name: `${copy.name}, ${name}`, ...of(copy) }));
      const [theirs, ours] = await interleaved(pair, workshop.runs);
      if (!theirs || !ours) throw new Error("two candidates give two samples");
      samples[`ts-node, ${name}`] = theirs;
      samples[`shipped, ${name}`] = ours;
      ratios.push(theirs.median / ours.median);
    }
    const [afresh = 0, edited = 0, again = 0] = ratios;
    return {
      blocks: [
        sampleTable(samples),
        `That ts-node ran is seen by its cache: ${files} compiled files. Every preview shows no changes. With nothing ` +
          `edited ts-node reads compiled files too, and does not load the type checker: ratio ${again.toFixed(2)}, no target.`,
      ],
      verdicts: [
        atLeast("ratio of medians, nothing compiled yet", afresh, TARGET),
        atLeast("ratio of medians, one file edited", edited, TARGET),
      ],
    };
  },
};
