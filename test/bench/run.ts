import { messageOf } from "../../sandbox/processes/sandbox-error";
import { audit } from "./audit";
import { azureRewrap } from "./azure-rewrap";
import type { Benchmark } from "./benchmark";
import { chart } from "./chart";
import { delivery } from "./delivery";
import { guide } from "./guide";
import { makeUp } from "./make-up";
import { preview } from "./preview";
import { previewComment } from "./preview-comment";
import { relay } from "./relay";
import { rewrap } from "./rewrap";
import { writeFigures } from "./support/figures";
import { machineLine } from "./support/machine";
import { markdown } from "./support/report";
import { Workshop } from "./support/workshop";
import { tsNode } from "./ts-node";

const ALL: readonly Benchmark[] = [
  preview,
  tsNode,
  delivery,
  guide,
  makeUp,
  rewrap,
  azureRewrap,
  chart,
  relay,
  audit,
  previewComment,
];
const NAMES = ALL.map(({ name }) => name);
const LEAST_RUNS = 7;

interface Wish {
  readonly benchmarks: readonly Benchmark[];
  readonly runs: number;
  readonly write: boolean;
}

/** Throws an error that says what is wrong with the words. */
function parseWords(words: readonly string[]): Wish {
  const names = words.filter((word) => !word.startsWith("--"));
  const unknown = names.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new Error(`unknown benchmark ${unknown}; there are ${NAMES.join(", ")}`);
  let runs = LEAST_RUNS;
  let write = false;
  for (const word of words.filter((one) => one.startsWith("--"))) {
    const count = /^--runs=([1-9]\d*)$/.exec(word)?.[1];
    if (word === "--write") write = true;
    else if (count !== undefined) runs = Number(count);
    else throw new Error(`unknown option ${word}; there are --runs=<number> and --write`);
  }
  if (write && runs < LEAST_RUNS) {
    throw new Error(`--write needs at least ${LEAST_RUNS} runs; leave out --runs=${runs}`);
  }
  return { benchmarks: ALL.filter(({ name }) => names.length === 0 || names.includes(name)), runs, write };
}

/** What the shell calls a command that Ctrl-C has ended. */
const INTERRUPTED = 130;
let interrupted = false;

/** Runs one benchmark in a workshop that is cleaned up in any case, on an interrupt too. */
async function measured(benchmark: Benchmark, runs: number) {
  const workshop = new Workshop(runs);
  const interrupt = () => {
    interrupted = true;
    void workshop.interrupt().finally(() => process.exit(INTERRUPTED));
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    return await benchmark.measure(workshop);
  } finally {
    await workshop.clean();
    process.removeListener("SIGINT", interrupt).removeListener("SIGTERM", interrupt);
  }
}

/** Exit code: 0 every target met, 1 one missed or not measured, 2 wrong usage. */
async function main(words: readonly string[]): Promise<number> {
  let wish: Wish;
  try {
    wish = parseWords(words);
  } catch (error) {
    console.error(`bench: ${messageOf(error)}`);
    return 2;
  }
  const { benchmarks, runs, write } = wish;
  const sections = new Map<string, string>();
  let well = true;
  for (const benchmark of benchmarks) {
    console.error(`bench: ${benchmark.name} (${benchmark.title})`);
    try {
      const report = await measured(benchmark, runs);
      const section = markdown(benchmark.title, machineLine(), report);
      sections.set(benchmark.name, section);
      well &&= report.verdicts.every(({ met }) => met);
      console.log(`\n${section}\n`);
    } catch (error) {
      if (interrupted) return INTERRUPTED;
      well = false;
      console.error(`bench: ${benchmark.name} could not be measured: ${messageOf(error)}`);
    }
  }
  if (write) writeFigures(sections, NAMES);
  return well ? 0 : 1;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
