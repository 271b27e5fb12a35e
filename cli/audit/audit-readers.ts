import type { AuditOptions, AuditReaders } from "../commands/audit";
import type { Io } from "../io";

/** The readers that the command line asks for. What they are made of is loaded only when they are called. */
export function auditReaders({ live, vaultLog }: AuditOptions, io: Io): AuditReaders {
  return {
    ...(live && {
      live: async (outputs: unknown) => {
        const { readLive } = await import("./live/read-live");
        const warn = (line: string) => io.stderr.write(`sopsloop: warning: ${line}\n`);
        return readLive({ outputs, env: io.env, warn });
      },
    }),
    ...(vaultLog && {
      vaultLog: async (outputs: unknown) => {
        const { readVaultLog } = await import("./vault-log/read-vault-log");
        return readVaultLog({ outputs, files: vaultLog, cwd: io.cwd });
      },
    }),
  };
}
