import { endSignal, listenAddress, serve } from "../../relay/platforms/serve";
import { readSettings, type Settings } from "../../relay/settings/settings";
import { SettingsError } from "../../relay/settings/settings-error";
import { CliError, type ExitCode } from "../errors/cli-error";
import type { Io } from "../io";

export interface RelayOptions {
  /** `host:port` to listen on. */
  readonly listen: string;
}

/** `sopsloop relay`: serves until it is told to end. The log goes to standard output, a JSON object a line. */
export async function relay({ listen }: RelayOptions, io: Io): Promise<ExitCode> {
  const address = listenAddress(listen);
  if (!address) throw new CliError(`--listen ${listen}: is not host:port such as 127.0.0.1:8080`, 2);
  const settings = relaySettings(io);
  if (!settings) return 2;
  const writeLog = (line: string) => io.stdout.write(`${line}\n`);
  try {
    await serve(settings, address, { writeLog, stopped: endSignal() });
    return 0;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliError(`--listen ${listen}: cannot be served (${code ?? message}); choose another address`);
  }
}

/** The relay's settings, or undefined when they are wrong and that was said. */
export function relaySettings(io: Io): Settings | undefined {
  try {
    return readSettings(io.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    for (const problem of error.problems) io.stderr.write(`sopsloop: ${problem}\n`);
    return undefined;
  }
}
