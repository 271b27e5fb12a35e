import { setTimeout as sleep } from "node:timers/promises";
import type { VaultClient } from "./vault-client";
import { VaultError } from "./vault-error";

const POLL_MS = 100;
const PATIENCE_MS = 30_000;

/** No slash at either end: how Vault's mount paths are written everywhere but in its listings. */
export function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, "");
}

/** Moves a mount with all that is in it (`transit` → `keys`, `auth/a` → `auth/b`), and waits until Vault has done so. */
export async function remount(vault: VaultClient, from: string, to: string): Promise<void> {
  const begun = await vault.write("sys/remount", { from, to });
  const migration = begun?.migration_id;
  const until = Date.now() + PATIENCE_MS;
  while (typeof migration === "string" && Date.now() < until) {
    const status = (await vault.read(`sys/remount/status/${migration}`))?.migration_info;
    const state =
      typeof status === "object" && status !== null && "status" in status ? status.status : undefined;
    if (state === "success") return;
    if (state === "failure") throw new VaultError(500, ["the migration failed"], `move ${from} to ${to}`);
    await sleep(POLL_MS);
  }
  if (migration !== undefined)
    throw new Error(`Vault has not moved ${from} to ${to} within ${PATIENCE_MS / 1000} s`);
}
