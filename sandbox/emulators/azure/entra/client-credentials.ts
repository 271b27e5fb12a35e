import type { Context } from "hono";
import type { Core } from "../core";
import { listAt, textAt } from "../json";
import type { FederatedCredential, Principal } from "../model";
import { audienceOf } from "./audiences";
import { EntraRefusal } from "./entra-refusal";
import type { Proof } from "./tokens";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const CREDENTIALS = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials";

/** The grant of client credentials: the only one that programs use. */
export async function grant(c: Context, core: Core, tenant: string) {
  checkTenant(core, tenant);
  const form = await c.req.parseBody();
  const field = (name: string) => {
    const value = form[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const needed = (name: string) => {
    const value = field(name);
    if (value !== undefined) return value;
    const text = `The request body must contain the following parameter: '${name}'.`;
    throw new EntraRefusal(400, "invalid_request", 900144, text);
  };
  const type = needed("grant_type");
  if (type !== "client_credentials")
    throw new EntraRefusal(
      400,
      "unsupported_grant_type",
      70003,
      `The app requested an unsupported grant type '${type}'.`,
    );
  const principal = principalOf(core, needed("client_id"));
  const scope = withoutOpenId(needed("scope"));
  const proof = await prove(core, principal, field);
  const [, asked] = /^(.+)\/\.default$/.exec(scope) ?? [];
  if (asked === undefined)
    throw new EntraRefusal(
      400,
      "invalid_scope",
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with ` +
        "/.default suffixed to the resource identifier (application ID URI).",
    );
  const { token, expiresIn } = await tokenFor(core, principal, asked, proof);
  c.header("cache-control", "no-store, no-cache");
  return c.json({
    token_type: "Bearer",
    expires_in: expiresIn,
    ext_expires_in: expiresIn,
    access_token: token,
  });
}

/** Clients ask for OpenID's scopes along with theirs, and get an access token all the same. */
function withoutOpenId(scope: string): string {
  const own = ["openid", "offline_access", "profile"];
  return scope
    .split(" ")
    .filter((one) => one !== "" && !own.includes(one))
    .join(" ");
}

/** A token of the principal for a resource, with the app roles that it has there. */
export async function tokenFor(core: Core, principal: Principal, resource: string, proof: Proof) {
  const audience = audienceOf(resource, core.directory);
  if (audience === undefined)
    throw new EntraRefusal(
      400,
      "invalid_resource",
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${core.tokens.tenantId}. This can ` +
        "happen if the application has not been installed by the administrator of the tenant or consented to by any " +
        "user in the tenant. You might have sent your authentication request to the wrong tenant.",
    );
  const { name, version, application } = audience;
  const roles = principal.appRoles.filter((one) => one.appId === application?.appId).map(({ role }) => role);
  return core.tokens.issue({ principal, audience: name, version, proof, roles });
}

async function prove(
  core: Core,
  principal: Principal,
  field: (name: string) => string | undefined,
): Promise<Proof> {
  const assertion = field("client_assertion");
  if (assertion !== undefined && field("client_assertion_type") === ASSERTION_TYPE) {
    await core.federation.check(assertion, credentialsOf(core, principal));
    return "assertion";
  }
  const secret = field("client_secret");
  if (secret === undefined)
    throw new EntraRefusal(
      401,
      "invalid_client",
      7000216,
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    );
  const application = core.directory.application(principal.appId);
  const found = application && core.directory.secretOf(application, secret);
  if (found === undefined)
    throw new EntraRefusal(
      401,
      "invalid_client",
      7000215,
      "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not " +
        `the client secret ID, for a secret added to app '${principal.appId}'.`,
    );
  if (found.endsAt <= core.clock.now())
    throw new EntraRefusal(
      401,
      "invalid_client",
      7000222,
      `The provided client secret keys for app '${principal.appId}' are expired.`,
    );
  return "secret";
}

/** Of an application, or of a user-assigned identity: those are resources of ARM. */
function credentialsOf(core: Core, { appId, kind, resourceId }: Principal): readonly FederatedCredential[] {
  if (kind === "Application") return core.directory.application(appId)?.federated ?? [];
  const children = core.resources.childrenOf(resourceId ?? "", CREDENTIALS);
  return children.map(({ name, body }) => ({
    name,
    issuer: textAt(body, "properties", "issuer") ?? "",
    subject: textAt(body, "properties", "subject") ?? "",
    audience: String(listAt(body, "properties", "audiences")[0]),
  }));
}

function principalOf(core: Core, clientId: string): Principal {
  const found = core.directory.principalOfApp(clientId);
  if (found) return found;
  throw new EntraRefusal(
    400,
    "unauthorized_client",
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${core.tokens.tenantId}'. This can ` +
      "happen if the application has not been installed by the administrator of the tenant or consented to by any " +
      "user in the tenant. You may have sent your authentication request to the wrong tenant.",
  );
}

export function checkTenant(core: Core, tenant: string): void {
  if (tenant.toLowerCase() === core.tokens.tenantId) return;
  throw new EntraRefusal(
    400,
    "invalid_request",
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the ` +
      "correct cloud. Check with your subscription administrator, this may happen if there are no active " +
      "subscriptions for the tenant.",
  );
}
