import type { PlainMap, PlainValue } from "../../engine/resource-type";
import { fromApi, type Properties, toApi } from "../../engine/table/property";
import { textOf } from "../../engine/values";
import { isList, isMap } from "../../engine/wire";
import type { Definition } from "../definition";
import { trimSlashes } from "../mount-path";
import { roleId, roleOf } from "../role-id";
import { tokenBody, tokenProperties, withMasks } from "../token-properties";

const properties: Properties = {
  roleName: { kind: "text", required: true, replace: true },
  backend: { kind: "text", default: "jwt", replace: true, normalise: trimSlashes },
  roleType: { kind: "text", computed: true, replace: true },
  userClaim: { kind: "text", required: true },
  userClaimJsonPointer: { kind: "flag", default: false },
  boundAudiences: { kind: "set" },
  boundSubject: { kind: "text" },
  boundClaims: { kind: "map" },
  boundClaimsType: { kind: "text", computed: true },
  disableBoundClaimsParsing: { kind: "flag", default: false },
  claimMappings: { kind: "map" },
  groupsClaim: { kind: "text" },
  allowedRedirectUris: { kind: "set" },
  oidcScopes: { kind: "set" },
  maxAge: { kind: "integer" },
  clockSkewLeeway: { kind: "integer", default: 0 },
  expirationLeeway: { kind: "integer", default: 0 },
  notBeforeLeeway: { kind: "integer", default: 0 },
  verboseOidcLogging: { kind: "flag", default: false },
  namespace: { kind: "text", replace: true },
  ...tokenProperties,
};

const PLAIN = [
  "boundAudiences",
  "userClaim",
  "userClaimJsonPointer",
  "maxAge",
  "allowedRedirectUris",
  "roleType",
  "boundSubject",
  "oidcScopes",
  "boundClaimsType",
  "claimMappings",
  "groupsClaim",
  "clockSkewLeeway",
  "expirationLeeway",
  "notBeforeLeeway",
  "verboseOidcLogging",
] as const;

/** Which tokens of a foreign issuer may log in, and with what token of Vault's. */
export const jwtRole: Definition = {
  token: "vault:jwt/authBackendRole:AuthBackendRole",
  noun: "Vault JWT auth role",
  properties,
  identity: ["backend", "roleName"],
  idOf: roleId,

  create: (vault, id, inputs) => vault.write(id, { ...tokenBody(inputs), ...roleBody(inputs, {}) }),
  update: (vault, id, { inputs, changed, state }) =>
    vault.write(id, {
      ...tokenBody(inputs, changed),
      ...roleBody(inputs, takenBack(inputs, state, changed)),
    }),

  async read(vault, id, known) {
    const place = roleOf(id);
    const data = await vault.read(id);
    if (data === undefined) return undefined;
    return {
      ...fromApi(properties, data),
      boundClaims: joined(data.bound_claims),
      tokenBoundCidrs: withMasks(data.token_bound_cidrs, known?.tokenBoundCidrs),
      ...place,
    };
  },

  delete: (vault, id) => vault.delete(id),
};

function roleBody(inputs: PlainMap, zeros: PlainMap): PlainMap {
  const claims = isMap(inputs.boundClaims) ? inputs.boundClaims : {};
  const whole = inputs.disableBoundClaimsParsing === true;
  const bound = Object.entries(claims).map(([claim, value]): [string, PlainValue] => {
    const text = textOf(value);
    return [claim, (whole ? [text] : text.split(",")).map((part) => part.trim())];
  });
  return {
    ...toApi({ boundAudiences: [], ...zeros, ...inputs }, PLAIN),
    bound_claims: Object.fromEntries(bound),
  };
}

/** Zeros for what the program said before and no longer says. */
function takenBack(inputs: PlainMap, state: PlainMap, changed: ReadonlySet<string>): PlainMap {
  const gone = PLAIN.filter(
    (name) => changed.has(name) && inputs[name] === undefined && state[name] !== undefined,
  );
  return Object.fromEntries(gone.map((name): [string, PlainValue] => [name, emptied(state[name])]));
}

function emptied(value: PlainValue | undefined): PlainValue {
  if (isList(value)) return [];
  if (isMap(value)) return {};
  return typeof value === "number" ? 0 : "";
}

function joined(claims: PlainValue | undefined): PlainMap {
  if (!isMap(claims)) return {};
  const entries = Object.entries(claims).map(([claim, value]) => [
    claim,
    isList(value) ? value.join(",") : value,
  ]);
  return Object.fromEntries(entries) as PlainMap;
}
