import type { Settings } from "../settings/settings";
import { type ListenAddress, NodeServer } from "./node-server";

/** What the process around a server has to say and to give. */
export interface Surroundings {
  readonly writeLog: (line: string) => void;
  /** Settles when the server is to end. */
  readonly stopped: Promise<string>;
}

/** Runs a relay until it is told to end; requests in hand are finished first. @throws the system's error when it cannot listen. */
export async function serve(
  settings: Settings,
  listen: ListenAddress,
  { writeLog, stopped }: Surroundings,
): Promise<void> {
  const server = await NodeServer.start(settings, listen, { writeLog });
  const { log } = server.relay;
  log.info("listening", { address: server.address, keys: [...settings.keys].join(", ") });
  const why = await stopped;
  log.info("ending", { why });
  await server.stop();
}

/** Settles on the first of the two signals that ask a process to end. */
export function endSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal));
  });
}

/** `host:port`, `[::1]:port`, or undefined for anything else. */
export function listenAddress(text: string): ListenAddress | undefined {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  return host !== undefined && Number(port) <= 65_535 ? { host, port: Number(port) } : undefined;
}
