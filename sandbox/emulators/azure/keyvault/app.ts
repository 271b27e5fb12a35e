import { randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import type { Core } from "../core";
import { TokenRefused } from "../entra/token-refused";
import { Guard, tokenProblem } from "./guard";
import { keyRoutes } from "./key-routes";
import type { VaultEnv } from "./request";
import { secretRoutes } from "./secret-routes";
import { badParameter, VaultRefusal } from "./vault-refusal";
import { vaultNamed } from "./vaults";

/** What SDKs of the last years ask for, and sops. */
const API_VERSIONS = [
  "7.0",
  "7.1",
  "7.2",
  "7.3",
  "7.4",
  "7.5",
  "7.6-preview.2",
  "7.6",
  "2025-06-01-preview",
  "2025-07-01",
];

/** `*.vault.azure.net`. */
export function keyVault(core: Core): Hono<VaultEnv> {
  const app = new Hono<VaultEnv>({ getPath });
  const guard = new Guard(core);
  app.use(async (c, next) => {
    const vault = vaultNamed(core.resources, new URL(c.req.url).hostname.split(".")[0] ?? "");
    if (vault === undefined) throw new VaultRefusal(404, "VaultNotFound", "There is no such vault.");
    c.set("core", core);
    c.set("vault", vault);
    tellAbout(c);
    c.set("caller", await guard.admit(vault, c.req.header("authorization")));
    c.set("guard", guard);
    const version = c.req.query("api-version");
    if (version === undefined || !API_VERSIONS.includes(version))
      throw badParameter(
        `The specified version (${version ?? ""}) is not recognized. Consider using the latest supported version ` +
          `(${API_VERSIONS.at(-1)}).`,
      );
    await next();
    core.store.changed();
  });
  app.route("/", keyRoutes);
  app.route("/", secretRoutes);
  app.notFound((c) =>
    c.json(new VaultRefusal(404, "NotFound", "The request URI is not one of this vault's.").body, 404),
  );
  app.onError((error, c) => {
    if (error instanceof TokenRefused) return challenge(c, core, error);
    if (error instanceof VaultRefusal) return c.json(error.body, error.status);
    process.stderr.write(`${c.req.method} ${c.req.path}: ${error.stack}\n`);
    return c.json({ error: { code: "InternalServerError", message: "Failure inside the emulator." } }, 500);
  });
  return app;
}

/** Clients that mean the newest version leave out its place in the path. */
function getPath(request: Request): string {
  const path = new URL(request.url).pathname.replace(/\/{2,}/g, "/");
  return path.length > 1 ? path.replace(/\/$/, "") : path;
}

/** How clients learn whose token they need. */
function challenge(c: Context, core: Core, refused: TokenRefused) {
  const authority = `https://login.microsoftonline.com/${core.tokens.tenantId}`;
  const more = refused.reason === "missing" ? "" : ', error="invalid_token"';
  c.header(
    "www-authenticate",
    `Bearer authorization="${authority}", resource="https://vault.azure.net"${more}`,
  );
  return c.json({ error: { code: "Unauthorized", message: tokenProblem(refused) } }, 401);
}

function tellAbout(c: Context<VaultEnv>): void {
  const { clientAddress } = c.get("core").settings;
  c.header("cache-control", "no-cache");
  c.header("pragma", "no-cache");
  c.header("x-ms-keyvault-region", c.get("vault").location);
  c.header("x-ms-keyvault-service-version", "1.9.0.0");
  c.header("x-ms-keyvault-network-info", `conn_type=Ipv4;addr=${clientAddress};act_addr_fam=InterNetwork;`);
  c.header("x-ms-request-id", randomUUID());
  const client = c.req.header("x-ms-client-request-id");
  if (client !== undefined) c.header("x-ms-client-request-id", client);
}
