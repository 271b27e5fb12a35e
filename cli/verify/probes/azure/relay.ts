import { secureOptions } from "../../../backends/azure/secure-options";
import { HttpConnection, type Lost } from "../../../backends/http/http-connection";
import { jsonOf } from "../../../backends/http/json-body";
import { CliError } from "../../../errors/cli-error";
import type { AzureLook } from "../../azure/azure-look";
import { Fault, type Probe, Skip } from "../../probe";
import { fieldOf } from "../../vault-access";

/** It is asked from here, and not from where Event Grid asks. */
export function relay(look: AzureLook): Probe {
  return {
    id: "relay",
    title: "The relay is ready",
    needs: [],
    run: async () => {
      const url = look.declared.relay?.url;
      if (url === undefined) throw new Skip("the program declares no relay (azure.relay is not set)");
      const next = `curl --fail-with-body ${url}/readyz`;
      const { status, parts } = await ask(url, look).catch((error: unknown) => {
        throw error instanceof CliError ? new Fault(error.message, next) : error;
      });
      if (status === 401 || status === 403)
        throw new Skip(`${url} lets nobody in from here (${status}); Event Grid may well be let in`);
      const lacking = parts.filter(([, state]) => state !== "ok").map(([part, state]) => `${part} ${state}`);
      if (status !== 200) throw new Fault(`${url} answers ${[String(status), ...lacking].join(", ")}`, next);
      return `${url}: ${parts.map(([part]) => part).join(", ")} ok`;
    },
  };
}

async function ask(url: string, look: AzureLook): Promise<{ status: number; parts: [string, unknown][] }> {
  const { origin, pathname } = new URL(`${url}/readyz`);
  const manners = {
    isTransient: () => false,
    unreachable: ({ code, message }: Lost) =>
      new CliError(`${url} cannot be reached from here (${code || message})`),
    exhausted: () => new CliError(`${url} does not answer`),
  };
  const options = { tls: secureOptions(look.trust), retries: 0, sockets: 1 };
  const http = new HttpConnection(new URL(origin), options, manners);
  try {
    const { status, body } = await http.send({ method: "GET", path: pathname, headers: {} });
    return { status, parts: Object.entries(fieldOf({ body: jsonOf(body) }, "body") ?? {}) };
  } finally {
    http.close();
  }
}
