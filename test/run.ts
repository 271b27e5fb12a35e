import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** Counts of one stage, in the words of the closing line. */
interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** The part of vitest's JSON report that is read here. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numFailedTestSuites: number;
}

const root = join(__dirname, "..");

/** Official plugins to compare with: where the variable says, else a folder that may lie beside the checkout. */
function officialPlugins(): string | undefined {
  const named = process.env.SOPSLOOP_PLUGINS;
  if (named) return named;
  const beside = join(root, "..", "shared", "plugins");
  return existsSync(beside) ? beside : undefined;
}
const bin = (name: string) => join(root, "node_modules", ".bin", name);

/** Types, lint and tools count as one test each, so that the closing line tells the whole truth. */
function check(title: string, command: string, args: readonly string[]): Tally {
  console.log(`\n── ${title}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  return status === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

function suite(project: string, reports: string): Tally {
  console.log(`\n── tests: ${project}`);
  const file = join(reports, `${project}.json`);
  const args = [
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ];
  const { status } = spawnSync(bin("vitest"), args, { cwd: root, stdio: "inherit" });
  try {
    const report = JSON.parse(readFileSync(file, "utf8")) as VitestReport;
    const failed = Math.max(report.numFailedTests, report.numFailedTestSuites > 0 || status !== 0 ? 1 : 0);
    return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests };
  } catch {
    console.error(`test/run: vitest left no report for "${project}" (exit ${status}); see its output above`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function main(): number {
  const plugins = officialPlugins();
  if (plugins) process.env.SOPSLOOP_PLUGINS = plugins;
  else
    console.log("no official plugins to compare with (SOPSLOOP_PLUGINS is not set): those tests are skipped");
  // `make tools` links every tool here.
  process.env.PATH = [join(root, ".sandbox", "bin"), process.env.PATH ?? ""].join(delimiter);
  const reports = mkdtempSync(join(tmpdir(), "sopsloop-tests-"));
  try {
    const tallies = [
      check("types", bin("tsc"), ["--noEmit", "-p", "."]),
      check("lint and format", bin("biome"), ["ci", "."]),
      suite("unit", reports),
      // Built here and not by the first test that needs them: a cold build takes half an hour.
      check("tools", process.execPath, ["--import", "tsx", join("sandbox", "main.ts"), "tools"]),
      ...[
        "providers",
        "servers",
        "emulators",
        "relay",
        "cli",
        "pages",
        "pipelines",
        "policies",
        "sandbox",
      ].map((project) => suite(project, reports)),
    ];
    const total = tallies.reduce((sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
    }));
    console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
    return total.failed === 0 ? 0 : 1;
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
}

process.exitCode = main();
