import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "../../errors/cli-error";
import { dhallYaml } from "./dhall";
import { oneLine, runTool } from "./tool";

type Environment = Readonly<Record<string, string | undefined>>;

export interface ChartWish {
  /** A folder, an archive or a reference (`oci://…`), as helm takes it. */
  readonly chart: string;
  readonly release: string;
  readonly namespace: string | undefined;
  /** Files of YAML, and at most one of Dhall; later ones win. */
  readonly values: readonly string[];
  readonly cwd: string;
}

/** What each tool gets: neither of them secrets. */
export interface RenderEnvironments {
  readonly helm: Environment;
  readonly dhall: () => Environment;
}

/** What `helm template` makes of a chart, with its CRDs and without its tests. @throws CliError with helm's own reason. */
export async function renderChart(
  wish: ChartWish,
  env: RenderEnvironments,
  signal: AbortSignal,
): Promise<string> {
  const { chart, release, namespace, values, cwd } = wish;
  const dhall = values.filter(isDhall);
  const [first, second] = dhall;
  if (second !== undefined)
    throw new CliError(`--values ${second}: one Dhall file only; let it import the other (${first})`, 2);
  const missing = values.find((file) => !file.includes("://") && !existsSync(resolve(cwd, file)));
  if (missing !== undefined) throw new CliError(`--values ${missing}: no such file`, 2);
  const input = first === undefined ? "" : await dhallYaml(first, cwd, env.dhall(), signal);
  const words = [
    "template",
    "--include-crds",
    "--skip-tests",
    ...(namespace === undefined ? [] : ["--namespace", namespace]),
    ...values.flatMap((file) => ["--values", file === first ? "-" : file]),
    "--",
    release,
    chart,
  ];
  const { code, stdout, stderr } = await runTool("helm", { words, cwd, env: env.helm, input, signal });
  if (code === 0) return stdout;
  const told = stderr.split("\n").filter((line) => !/^(WARNING:|Use --debug)/.test(line.trim()));
  throw new CliError(`helm template ${chart} failed: ${oneLine(told.join(" ")).replace(/^Error: /, "")}`);
}

export function isDhall(file: string): boolean {
  return file.endsWith(".dhall");
}
