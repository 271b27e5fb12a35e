import { readSettings } from "../settings/settings";
import { SettingsError } from "../settings/settings-error";
import { endSignal, listenAddress, serve } from "./serve";

const EVERYWHERE = "0.0.0.0:8080";

/** The bundle for a container: the server alone, without the rest of the command. */
async function main(): Promise<number> {
  const { RELAY_LISTEN: listen = EVERYWHERE } = process.env;
  try {
    const settings = readSettings(process.env);
    const address = listenAddress(listen);
    if (!address) throw new SettingsError([`RELAY_LISTEN: is not host:port such as ${EVERYWHERE}`]);
    const writeLog = (line: string) => process.stdout.write(`${line}\n`);
    await serve(settings, address, { writeLog, stopped: endSignal() });
    return 0;
  } catch (error) {
    if (error instanceof SettingsError) {
      for (const problem of error.problems) process.stderr.write(`relay: ${problem}\n`);
      return 2;
    }
    process.stderr.write(`relay: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
