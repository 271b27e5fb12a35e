import { metrics } from "@opentelemetry/api";
import { METER } from "../../relay/platforms/meter-name";
import { Relay } from "../../relay/relay";
import { deadLetters } from "../../relay/replay/dead-letters";
import { OwnRelay } from "../../relay/replay/own-relay";
import { RemoteRelay, type ReplayCredential } from "../../relay/replay/remote-relay";
import { type ReplayRow, type ReplayTarget, replay } from "../../relay/replay/replay";
import { Environment, Problem } from "../../relay/settings/environment";
import { baseUrl } from "../../relay/settings/values";
import { CliError, type ExitCode } from "../errors/cli-error";
import type { Io } from "../io";
import { relaySettings } from "./relay";

export interface RelayReplayOptions {
  /** Files and folders of dead letters. */
  readonly paths: readonly string[];
  /** Address of a relay's webhook; without it the events are dealt with here. */
  readonly to?: string;
  readonly json?: true;
}

export const REPLAY_SCHEMA = "sopsloop.relay-replay/1";

/** `sopsloop relay replay`: delivers events that Event Grid has given up. Those that were dealt with before start nothing. */
export async function relayReplay({ paths, to, json }: RelayReplayOptions, io: Io): Promise<ExitCode> {
  const letters = lettersOf(paths);
  const target = to === undefined ? ownRelay(io) : remoteRelay(to, io);
  if (!target) return 2;
  const rows = await replay(letters, target, (row) => {
    if (!json) io.stdout.write(`${lineOf(row)}\n`);
  });
  const counts = { triggered: 0, duplicate: 0, ignored: 0, failed: 0 };
  for (const { outcome } of rows) counts[outcome] += 1;
  io.stdout.write(
    json
      ? `${JSON.stringify({ schema: REPLAY_SCHEMA, counts, events: rows }, undefined, 2)}\n`
      : `${counts.triggered} triggered, ${counts.duplicate} done before, ${counts.ignored} of no concern, ${counts.failed} failed\n`,
  );
  return counts.failed === 0 ? 0 : 1;
}

function lettersOf(paths: readonly string[]) {
  try {
    return deadLetters(paths);
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    throw new CliError(
      `${path ?? paths.join(", ")}: cannot be read (${code ?? message}); name a file or a folder`,
      2,
    );
  }
}

function ownRelay(io: Io): ReplayTarget | undefined {
  const settings = relaySettings(io);
  if (!settings) return undefined;
  const writeLog = (line: string) => io.stderr.write(`${line}\n`);
  return new OwnRelay(new Relay(settings, { meter: metrics.getMeter(METER), writeLog }));
}

function remoteRelay(to: string, io: Io): ReplayTarget {
  try {
    return new RemoteRelay(baseUrl(to), credential(io));
  } catch (error) {
    if (error instanceof Problem) throw new CliError(`--to: ${error.message}`, 2);
    throw error;
  }
}

/** Never on the command line, which every process of the machine can read. */
function credential(io: Io): ReplayCredential {
  const env = new Environment(io.env);
  const [secret, token] = [env.text("RELAY_SECRET"), env.text("RELAY_TOKEN")];
  if (secret !== undefined && token === undefined) return { kind: "secret", value: secret };
  if (token !== undefined && secret === undefined) return { kind: "token", value: token };
  throw new CliError("--to: set either RELAY_SECRET, or RELAY_TOKEN (a token of Entra ID for the relay)", 2);
}

function lineOf({ where, outcome, why }: ReplayRow): string {
  return `${outcome.padEnd(9)}  ${where}${why === "" ? "" : `: ${why}`}`;
}
