import { sameId } from "../arm/resource-id";
import type { Core } from "../core";
import { AUDIENCES } from "../entra/audiences";
import type { TokenRefused } from "../entra/token-refused";
import type { Caller } from "../entra/tokens";
import { Firewall } from "../firewall";
import { at, listAt, textAt } from "../json";
import { VaultRefusal } from "./vault-refusal";
import type { Vault } from "./vaults";

/** What somebody wants to do, in the words of roles and of access policies. */
export interface Wish {
  /** Below `Microsoft.KeyVault/vaults/`: `keys/decrypt/action`. */
  readonly dataAction: string;
  readonly kind: "keys" | "secrets";
  /** Of an access policy: `decrypt`. */
  readonly permission: string;
  /** The key's or secret's name; without one, it is about all of the vault. */
  readonly name?: string;
}

/** Who may do what with the contents of a vault. */
export class Guard {
  constructor(private readonly core: Core) {}

  /** The caller of a request. Throws a VaultRefusal, or the TokenRefused that a challenge answers. */
  async admit(vault: Vault, authorization: string | undefined): Promise<Caller> {
    const caller = await this.core.tokens.verify(authorization, AUDIENCES.keyVault);
    this.checkFirewall(vault, caller);
    return caller;
  }

  /** @returns the id of the role assignment that allows it; undefined under access policies. */
  require(vault: Vault, caller: Caller, wish: Wish): string | undefined {
    if (at(vault.resource.body, "properties", "enableRbacAuthorization") !== true) {
      this.checkPolicies(vault, caller, wish);
      return undefined;
    }
    const { id } = vault.resource;
    const scope = wish.name === undefined ? id : `${id}/${wish.kind}/${wish.name}`;
    const action = `Microsoft.KeyVault/vaults/${wish.dataAction}`;
    const assignment = this.core.access.assignmentFor(caller.oid, action, scope, "data");
    if (assignment) return assignment.name;
    throw new VaultRefusal(
      403,
      "Forbidden",
      "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role " +
        "definitions were changed recently, please observe propagation time.\r\n" +
        `Caller: appid=${caller.appId};oid=${caller.oid};iss=${caller.issuer}\r\nAction: '${action}'\r\n` +
        `Resource: '${resourceName(scope)}'\r\nAssignment: (not found)\r\nDenyAssignmentId: null\r\n` +
        `DecisionReason: 'DeniedWithNoValidRBAC' \r\nVault: ${vault.name};location=${vault.location}\r\n`,
      "ForbiddenByRbac",
    );
  }

  private checkPolicies(vault: Vault, caller: Caller, { kind, permission }: Wish): void {
    const policies = listAt(vault.resource.body, "properties", "accessPolicies");
    const allowed = policies
      .filter((policy) => sameId(textAt(policy, "objectId") ?? "", caller.oid))
      .flatMap((policy) => listAt(policy, "permissions", kind).map((one) => String(one).toLowerCase()));
    if (allowed.includes("all") || allowed.includes(permission.toLowerCase())) return;
    throw new VaultRefusal(
      403,
      "Forbidden",
      `The user, group or application 'appid=${caller.appId};oid=${caller.oid};iss=${caller.issuer}' does not have ` +
        `${kind} ${permission} permission on key vault '${vault.name};location=${vault.location}'. For help resolving ` +
        "this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287",
      "AccessDenied",
    );
  }

  private checkFirewall({ resource, name, location }: Vault, caller: Caller): void {
    const { clientAddress } = this.core.settings;
    const refusal = new Firewall(this.core.resources, clientAddress).refusal(resource);
    if (refusal === undefined) return;
    if (refusal === "closed")
      throw new VaultRefusal(
        403,
        "Forbidden",
        "Public network access is disabled and request is not from a trusted service nor via an approved private " +
          `link.\r\nCaller: appid=${caller.appId};oid=${caller.oid};iss=${caller.issuer}\r\nVault: ${name};location=${location}`,
        "ForbiddenByConnection",
      );
    throw new VaultRefusal(
      403,
      "Forbidden",
      `Client address is not authorized and caller is not a trusted service.\r\nClient address: ${clientAddress}\r\n` +
        `Caller: appid=${caller.appId};oid=${caller.oid};iss=${caller.issuer}\r\nVault: ${name};location=${location}`,
      "ForbiddenByFirewall",
    );
  }
}

/** The body's words for a token that is not good. */
export function tokenProblem({ reason }: TokenRefused): string {
  const texts: Readonly<Record<TokenRefused["reason"], string>> = {
    missing: "AKV10000: Request is missing a Bearer or PoP token.",
    malformed: "AKV10001: The token is not a well formed JSON Web Token.",
    signature: "AKV10046: Unable to resolve the key used for signature validation.",
    expired: "[TokenExpired] Error validating token: the token is expired.",
    audience: "AKV10022: Invalid audience. Expected https://vault.azure.net.",
    issuer: "AKV10032: Invalid issuer.",
  };
  return texts[reason];
}

/** Key Vault writes the container part of ids small. */
function resourceName(id: string): string {
  return id
    .replace(/\/resourceGroups\//i, "/resourcegroups/")
    .replace(/\/Microsoft\.KeyVault\//i, "/microsoft.keyvault/");
}
