import type { AuditOptions, AuditReaders } from "../commands/audit";
import type { Io } from "../io";
import type { StateResource } from "./source/state-resource";

/** The readers that the command line asks for. What they are made of is loaded only when they are called. */
export function auditReaders({ live, vaultLog }: AuditOptions, io: Io): AuditReaders {
  return {
    ...(live && {
      live: async (outputs: unknown, resources: readonly StateResource[]) => {
        const { readLive } = await import("./live/read-live");
        const warn = (line: string) => io.stderr.write(`sopsloop: warning: ${line}\n`);
        return readLive({ outputs, resources, env: io.env, warn });
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
