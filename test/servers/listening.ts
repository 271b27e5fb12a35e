import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** State of a socket that waits for connections, in the tables of the kernel. */
const LISTENS = "0A";
const TABLES = ["tcp", "tcp6"];

/** Where a process listens for TCP, as the kernel writes it: `0100007F:1F90` is 127.0.0.1:8080. From /proc, Linux only. */
export function listening(pid: number): string[] {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).map((descriptor) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
      } catch {
        // Closed since the folder was read.
        return "";
      }
    }),
  );
  return TABLES.flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, "utf8").trim().split("\n"))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === LISTENS && own.has(`socket:[${inode}]`))
    .map(([, local = ""]) => local);
}

/** 127.0.0.1:8080 in that form. */
export function onLoopback(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
}
