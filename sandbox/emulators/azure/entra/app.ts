import { Hono } from "hono";
import type { Core } from "../core";
import { checkTenant, grant } from "./client-credentials";
import { EntraRefusal } from "./entra-refusal";

const HOST = "https://login.microsoftonline.com";

/** `login.microsoftonline.com`, as far as programs go there. */
export function entra(core: Core): Hono {
  const app = new Hono();
  app.get("/:tenant/discovery/instance", (c) => c.json(instanceDiscovery(core)));
  app.get("/:tenant/v2.0/.well-known/openid-configuration", (c) => {
    checkTenant(core, c.req.param("tenant"));
    return c.json(configuration(core, 2));
  });
  app.get("/:tenant/.well-known/openid-configuration", (c) => {
    checkTenant(core, c.req.param("tenant"));
    return c.json(configuration(core, 1));
  });
  for (const path of ["/:tenant/discovery/v2.0/keys", "/:tenant/discovery/keys"])
    app.get(path, (c) => c.json(core.tokens.keys.published(core.tokens.issuers[2])));
  app.post("/:tenant/oauth2/v2.0/token", (c) => grant(c, core, c.req.param("tenant")));
  app.onError((error, c) => {
    if (error instanceof EntraRefusal) return c.json(error.body(core.clock.now()), error.status);
    process.stderr.write(`${c.req.method} ${c.req.path}: ${error.stack}\n`);
    return c.json({ error: "temporarily_unavailable" }, 500);
  });
  return app;
}

function instanceDiscovery(core: Core) {
  const host = "login.microsoftonline.com";
  return {
    tenant_discovery_endpoint: `${HOST}/${core.tokens.tenantId}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [
      {
        preferred_network: host,
        preferred_cache: "login.windows.net",
        aliases: [host, "login.windows.net", "login.microsoft.com", "sts.windows.net"],
      },
    ],
  };
}

/** What is true here of the discovery document. */
function configuration({ tokens }: Core, version: 1 | 2) {
  const base = `${HOST}/${tokens.tenantId}`;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
    jwks_uri: version === 2 ? `${base}/discovery/v2.0/keys` : `${base}/discovery/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: tokens.issuers[version],
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    tenant_region_scope: "EU",
    cloud_instance_name: "microsoftonline.com",
    msgraph_host: "graph.microsoft.com",
  };
}
