import { secureOptions } from "../../../backends/azure/secure-options";
import { HttpConnection, type Lost } from "../../../backends/http/http-connection";
import { jsonOf } from "../../../backends/http/json-body";
import { CliError } from "../../../errors/cli-error";
import type { AzureLook } from "../../azure/azure-look";
import { Fault, NotNeeded, type Probe, Skip } from "../../probe";
import { fieldOf } from "../../vault-access";

/** It is asked from here, and not from where Event Grid asks. */
export function relay(look: AzureLook): Probe {
  return {
    id: "relay",
    title: "The relay is ready",
    needs: [],
    run: async () => {
      const url = look.declared.relay?.url;
      if (url === undefined) throw new NotNeeded("the program declares no relay (azure.relay is not set)");
      const ready = await ask(url, "/readyz", look);
      // An ingress need not let more through than Event Grid and the deployer ask for.
      const isHidden = ready.status === 404;
      const path = isHidden ? "/healthz" : "/readyz";
      const { status, parts } = isHidden ? await ask(url, path, look) : ready;
      if (isHidden && status === 200) return `${url} answers; whether it is ready is not let through`;
      if (status === 401 || status === 403)
        throw new Skip(`${url} lets nobody in from here (${status}); Event Grid may well be let in`);
      const lacking = parts.filter(([, state]) => state !== "ok").map(([part, state]) => `${part} ${state}`);
      if (status !== 200)
        throw new Fault(`${url} answers ${[String(status), ...lacking].join(", ")}`, asking(url, path));
      return `${url}: ${parts.map(([part]) => part).join(", ")} ok`;
    },
  };
}

function asking(url: string, path: string): string {
  return `curl --fail-with-body ${url}${path}`;
}

/** @throws Fault where nobody answers. */
async function ask(
  url: string,
  path: string,
  look: AzureLook,
): Promise<{ status: number; parts: [string, unknown][] }> {
  const { origin, pathname } = new URL(`${url}${path}`);
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
  } catch (error) {
    throw error instanceof CliError ? new Fault(error.message, asking(url, path)) : error;
  } finally {
    http.close();
  }
}
