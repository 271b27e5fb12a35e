import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError } from "./sandbox-error";

export interface UntilOptions {
  /** What is awaited, for the message when it does not come: "Vault to be unsealed". */
  readonly what: string;
  readonly timeoutMs: number;
  readonly pauseMs?: number;
  /** Asked once, when the time is up: why it may not have come. */
  readonly hint?: () => string | Promise<string>;
}

/**
 * Looks until `look` returns something, at most `timeoutMs`. What `look` throws ends the wait. Throws a SandboxError when
 * the time is up.
 */
export async function until<T>(look: () => Promise<T | undefined>, options: UntilOptions): Promise<T> {
  const end = Date.now() + options.timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() >= end) break;
    await sleep(options.pauseMs ?? 100);
  }
  const hint = options.hint ? `; ${await options.hint()}` : "";
  throw new SandboxError(
    `waited ${Math.round(options.timeoutMs / 1000)} s in vain for ${options.what}${hint}`,
  );
}
