import type { Core } from "../core";
import { VALIDATION_HOST } from "../eventgrid/handshakes";
import { vaultNamed } from "../keyvault/vaults";
import { HostTable, type Listener } from "./host-table";

/** Services that answer by themselves. */
export interface HostServices {
  readonly entra: Listener;
  readonly arm: Listener;
  readonly keyVault: Listener;
}

/** Azure's host names, and who answers. Vaults, accounts and sites that nobody made are not there. */
export function hostTable(core: Core, { entra, arm, keyVault }: HostServices): HostTable {
  return new HostTable([
    { pattern: "login.microsoftonline.com", listener: entra },
    { pattern: "management.azure.com", listener: arm },
    {
      pattern: "*.vault.azure.net",
      exists: (name) => vaultNamed(core.resources, name) !== undefined,
      listener: keyVault,
    },
    {
      pattern: "*.blob.core.windows.net",
      exists: (name) => core.storage.account(name) !== undefined,
      listener: (request, response) => void core.storage.forward("blob", request, response),
    },
    {
      pattern: "*.table.core.windows.net",
      exists: (name) => core.storage.account(name) !== undefined,
      listener: (request, response) => void core.storage.forward("table", request, response),
    },
    {
      pattern: "*.azurewebsites.net",
      exists: (name) => core.sites.resource(name) !== undefined,
      listener: (request, response) => core.sites.forward(request, response),
    },
    { pattern: VALIDATION_HOST, port: 553, listener: validation(core) },
  ]);
}

/** Whoever gets the validation URL of a handshake consents in the receiver's place. */
function validation(core: Core): Listener {
  return (request, response) => {
    const code = new URL(request.url ?? "/", "https://host").searchParams.get("id") ?? "";
    const known = core.handshakes.validate(code);
    response.writeHead(known ? 200 : 400, { "content-type": "application/json" });
    response.end(
      JSON.stringify(known ? "Webhook successfully validated as a subscription endpoint." : "Unknown code."),
    );
  };
}
