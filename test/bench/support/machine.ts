import { arch, cpus, platform } from "node:os";

/** What the figures were measured on, in one line. */
export function machineLine(): string {
  const cores = cpus();
  const date = new Date().toISOString().slice(0, 10);
  return `${cores.length} cores (${cores[0]?.model.trim() ?? "unknown"}), Node ${process.version}, ${platform()} ${arch()}, ${date}.`;
}
