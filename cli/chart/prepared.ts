import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "../errors/cli-error";
import type { Io } from "../io";
import { readMapping } from "./mapping/read-mapping";
import { isDhall, renderChart } from "./render/helm";
import { checkRendered, type RenderedCheck } from "./render/rendered-check";
import { Rendering } from "./render/rendering";
import { dhallEnvironment, helmEnvironment } from "./render/tool-environment";
import { contentsOf, type SecretContent } from "./values/secret-content";
import { Variables } from "./values/variables";

type Environment = Readonly<Record<string, string | undefined>>;

/** What shall be rendered, as the command line has it. Paths are relative to the caller's folder. */
export interface ChartSource {
  readonly chart: string;
  readonly mapping: string;
  readonly release: string;
  readonly namespace?: string;
  readonly values: readonly string[];
  readonly envFile?: string;
}

/** What helm rendered, and what is to be said of it. */
export interface RenderedChart extends RenderedCheck {
  readonly text: string;
}

/** Everything that does not depend on the deploy repository: made once, however often the push is tried. */
export interface Prepared {
  readonly secrets: readonly SecretContent[];
  /** The environment without the variables of the mapping, for git and sops. */
  readonly env: Environment;
  readonly notes: readonly string[];
  /** There once helm is done; nothing is written before. Rejects with a CliError for helm's refusals. */
  readonly chart: Promise<RenderedChart>;
  /** What helm renders at another time; the same, for most charts. */
  renderAgain(): Promise<string>;
  /** To be called in the end, whatever came: no helm runs on. */
  end(): Promise<void>;
}

/** Faults of what was declared or given, each a line. */
export interface Refused {
  readonly problems: readonly string[];
  readonly exitCode: 1 | 2;
}

/**
 * Reads the mapping, takes the values and has helm begin with the chart.
 *
 * @param known called with the environment for git and sops, as soon as it is known and before the values are looked at.
 * @throws CliError for files that cannot be read.
 */
export async function prepare(
  source: ChartSource,
  io: Io,
  known: (env: Environment) => void,
): Promise<Prepared | Refused> {
  const { chart, namespace, release, values, envFile } = source;
  const text = textOf(source.mapping, "--mapping", io.cwd);
  const file =
    envFile === undefined ? undefined : { name: envFile, text: textOf(envFile, "--env-file", io.cwd) };
  const mapped = new Set<string>();
  const wish = { chart, release, namespace, values, cwd: io.cwd };
  const tools = { helm: helmEnvironment(io.env), dhall: () => dhallEnvironment(io.env, mapped) };
  const rendering = new Rendering((signal) => renderChart(wish, tools, signal));
  // helm takes its time, and does not depend on the mapping. Dhall does.
  if (!values.some(isDhall)) rendering.begin();
  let done: Prepared | undefined;
  try {
    const mapping = readMapping(source.mapping, text, namespace);
    if (mapping.problems.length > 0) return { problems: mapping.problems, exitCode: 2 };
    for (const { keys } of mapping.secrets) for (const { variable } of keys) mapped.add(variable);
    const variables = Variables.of(io.env, mapped, file);
    if (variables.problems.length > 0) return { problems: variables.problems, exitCode: 1 };
    known(variables.others);
    const { secrets, problems, notes } = contentsOf(mapping.secrets, variables, io.cwd);
    if (problems.length > 0) return { problems, exitCode: 1 };
    rendering.begin();
    const chartText = rendering
      .text()
      .then((text) => ({ text, ...checkRendered(text, secrets, { chart, namespace }) }));
    // Whoever asks is told; a refusal of something else may come first.
    chartText.catch(() => undefined);
    done = {
      secrets,
      env: variables.others,
      notes: [...notes, ...exposed(envFile, io.cwd)],
      chart: chartText,
      renderAgain: () => rendering.again(),
      end: () => rendering.end(),
    };
    return done;
  } finally {
    // Nothing that was begun here outlives a refusal.
    if (!done) await rendering.end();
  }
}

function textOf(file: string, option: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, file), "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CliError(`${option} ${file}: cannot be read (${code})`, 2);
  }
}

/** An env file that others on this machine can read. */
function exposed(file: string | undefined, cwd: string): string[] {
  if (file === undefined || (statSync(resolve(cwd, file)).mode & 0o044) === 0) return [];
  return [`${file}: others on this machine can read it; chmod 600 ${file}`];
}
