import type { AgentOptions } from "node:https";
import { createSecureContext } from "node:tls";
import type { AzureSettings } from "./azure-settings";

/** What a connection needs to trust the CAs that the environment names; nothing where it names none. */
export function secureOptions({ authorities }: Pick<AzureSettings, "authorities">): AgentOptions {
  return authorities === undefined ? {} : { secureContext: createSecureContext({ ca: [...authorities] }) };
}
