import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Resources } from "./arm/resources";
import { textAt } from "./json";
import type { Resource, SiteAddress } from "./model";
import { isLoopback } from "./outbound";
import type { Store } from "./store/store";

export const SITES = "Microsoft.Web/sites";

/** Web apps: ARM knows that they are there, and somebody else runs them at an address of this machine. */
export class Sites {
  constructor(
    private readonly store: Store,
    private readonly resources: Resources,
  ) {}

  /** Where a site's host name leads from now on. */
  register(site: SiteAddress): void {
    const { hostname } = new URL(site.address);
    if (!isLoopback(hostname)) throw new Error(`${hostname} is not on this machine`);
    const { tables } = this.store;
    tables.sites = [...tables.sites.filter((one) => one.site !== site.site), site];
    this.store.changed();
  }

  resource(name: string): Resource | undefined {
    return this.resources.ofType(SITES).find((one) => one.name.toLowerCase() === name.toLowerCase());
  }

  /** Where `<name>.azurewebsites.net` leads; undefined when nobody runs it, or it was stopped. */
  address(name: string): SiteAddress | undefined {
    const resource = this.resource(name);
    if (resource === undefined || textAt(resource.hidden, "state") === "Stopped") return undefined;
    return this.store.tables.sites.find((one) => one.site.toLowerCase() === name.toLowerCase());
  }

  /** Answers for a site by asking whoever runs it. */
  forward(request: IncomingMessage, response: ServerResponse): void {
    const host = request.headers.host ?? "";
    const found = this.address(host.split(".")[0] ?? "");
    const fail = (status: number, text: string) => {
      if (!response.headersSent) response.writeHead(status, { "content-type": "text/plain" });
      response.end(`${text}\n`);
    };
    if (found === undefined) {
      fail(503, "The emulator was told of no process that runs this site.");
      return;
    }
    const url = new URL(request.url ?? "/", found.address);
    // TLS to a local process is by its local name; plain HTTP can keep the public one.
    const { host: _host, ...others } = request.headers;
    const headers = url.protocol === "https:" ? others : request.headers;
    const options = {
      method: request.method,
      // A connection that was kept may be closed by the other side just now.
      agent: false,
      headers: { ...headers, "x-forwarded-proto": "https", "x-forwarded-host": host },
      ...(found.ca !== undefined && { ca: readFileSync(found.ca, "utf8") }),
    };
    const sent = url.protocol === "https:" ? requestHttps(url, options) : requestHttp(url, options);
    sent.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    sent.on("error", (error) => fail(502, error.message));
    request.pipe(sent);
  }
}
