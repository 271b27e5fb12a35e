import type { Io } from "../../../../cli/io";

/** A process's surroundings that keep what is written. */
export function recordedIo(cwd: string, env: Io["env"]): Io & { out: string; err: string } {
  const io = {
    out: "",
    err: "",
    cwd,
    env,
    isTerminal: false,
    stdout: { write: (text: string) => (io.out += text) },
    stderr: { write: (text: string) => (io.err += text) },
  };
  return io;
}
