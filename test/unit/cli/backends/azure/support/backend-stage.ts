import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { AzureBackend, type AzureOptions } from "../../../../../../cli/backends/azure/azure-backend";
import { azureSettings } from "../../../../../../cli/backends/azure/azure-settings";
import type { Clock } from "../../../../../../cli/backends/http/retries";
import type { Recipient } from "../../../../../../cli/sops-file/recipient";
import { SmallAzure } from "./small-azure";
import type { SmallKey } from "./small-key";

/** The backends' time, in milliseconds since 1970. */
export const NOW = Date.parse("2026-06-01T12:00:00.789Z");

/** A small Azure for the whole file, empty before each test, and backends that reach it through its proxy. */
export interface BackendStage {
  readonly azure: SmallAzure;
  /** How long requests have waited in this test, in milliseconds; none really does. */
  readonly pauses: readonly number[];
  /** Closed after the test. */
  backend(env?: Readonly<Record<string, string | undefined>>, options?: AzureOptions): AzureBackend;
}

/** Sets the hooks of a test file. What it gives is there in tests alone. */
export function backendStage(): BackendStage {
  let azure: SmallAzure;
  let pauses: number[];
  const opened: AzureBackend[] = [];
  const clock: Clock = {
    now: () => NOW,
    random: () => 1,
    sleep: async (ms) => {
      pauses.push(ms);
    },
  };

  beforeAll(async () => {
    azure = await SmallAzure.start();
  });
  afterAll(() => azure.stop());
  beforeEach(() => {
    pauses = [];
    azure.keys.clear();
    azure.heard.length = 0;
    azure.instead = () => undefined;
    azure.may = { read: true, list: true, decrypt: true, encrypt: true };
    for (const name of ["https_proxy", "all_proxy", "ALL_PROXY", "NO_PROXY", "no_proxy"])
      vi.stubEnv(name, "");
    vi.stubEnv("HTTPS_PROXY", azure.proxyAddress);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    for (const backend of opened.splice(0)) backend.close();
  });

  return {
    get azure() {
      return azure;
    },
    get pauses() {
      return pauses;
    },
    backend(env = {}, options = {}) {
      const made = new AzureBackend(() => azureSettings({ ...azure.env, ...env }), options, clock);
      opened.push(made);
      return made;
    },
  };
}

export function recipientOf(
  { url }: SmallKey,
  version: string,
  wrapped: string,
  changes: Partial<Recipient> = {},
): Recipient {
  const [vault = "", name = ""] = url.split("/keys/");
  return {
    kind: "azure_kv",
    group: 0,
    key: url,
    version,
    wrapped,
    fields: { vault_url: vault, name, version, created_at: "2026-01-01T00:00:00Z" },
    ...changes,
  };
}

/** A data key of these bytes, wrapped by a version of the key, as sops would have it. */
export function wrap(key: SmallKey, fill: number, version = key.current.id): Recipient {
  return recipientOf(key, version, key.wrap(Buffer.alloc(32, fill), version));
}

/** Why it rejects. */
export async function why(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    (value) => {
      throw new Error(`went well: ${JSON.stringify(value)}`);
    },
    (error: Error) => error.message,
  );
}
