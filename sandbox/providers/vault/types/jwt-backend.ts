import { PartialCreateError } from "../../engine/partial-create-error";
import type { PlainMap, PlainValue } from "../../engine/resource-type";
import { fromApi, type Properties, toApi, zeroOf } from "../../engine/table/property";
import { textOf } from "../../engine/values";
import { isMap } from "../../engine/wire";
import {
  authMountProperties,
  changeAuth,
  enableAuth,
  readAuth,
  tuneAuth,
  tuneBody,
  tuneFailures,
} from "../auth-mount";
import type { Definition } from "../definition";
import type { VaultClient } from "../vault-client";

const config: Properties = {
  oidcDiscoveryUrl: { kind: "text", conflicts: ["jwksUrl", "jwtValidationPubkeys"] },
  oidcDiscoveryCaPem: { kind: "text" },
  oidcClientId: { kind: "text" },
  oidcClientSecret: { kind: "text", secret: true, conflicts: ["oidcClientSecretWo"] },
  oidcResponseMode: { kind: "text" },
  oidcResponseTypes: { kind: "list" },
  jwksUrl: { kind: "text", conflicts: ["oidcDiscoveryUrl", "jwtValidationPubkeys", "jwksPairs"] },
  jwksCaPem: { kind: "text", conflicts: ["jwksPairs"] },
  jwksPairs: { kind: "maps" },
  jwtValidationPubkeys: { kind: "list" },
  boundIssuer: { kind: "text" },
  jwtSupportedAlgs: { kind: "list" },
  defaultRole: { kind: "text" },
  providerConfig: { kind: "map" },
  namespaceInState: { kind: "flag", default: true },
};

const properties: Properties = {
  ...authMountProperties,
  local: { kind: "flag", default: false, replace: true },
  path: { kind: "text", default: "jwt" },
  type: { kind: "text", default: "jwt", replace: true, oneOf: ["jwt", "oidc"] },
  ...config,
  oidcClientSecretWo: { kind: "text", secret: true, writeOnly: true },
  oidcClientSecretWoVersion: { kind: "integer" },
};

const SOURCES = [
  "oidcDiscoveryUrl",
  "jwksUrl",
  "jwksPairs",
  "jwtValidationPubkeys",
  "providerConfig",
] as const;

/** The `jwt` (or `oidc`) method, mounted and configured: whose tokens Vault believes. */
export const jwtBackend: Definition = {
  token: "vault:jwt/authBackend:AuthBackend",
  noun: "Vault JWT auth backend",
  properties,
  identity: ["path"],
  idOf: (inputs) => textOf(inputs.path),

  check(inputs) {
    const failures = tuneFailures(inputs);
    if (!SOURCES.some((name) => inputs[name] !== undefined)) {
      failures.push({ path: "", reason: `the Vault JWT auth backend needs one of ${SOURCES.join(", ")}` });
    }
    const { path } = inputs;
    if (typeof path === "string" && path.endsWith("/")) {
      failures.push({ path: "path", reason: `path must not end with a slash: "${path}"` });
    }
    return failures;
  },

  async create(vault, id, inputs) {
    await enableAuth(vault, id, inputs);
    try {
      await configure(vault, id, inputs, new Set());
      if (isMap(inputs.tune)) await tuneAuth(vault, id, tuneBody(inputs.tune));
    } catch (error) {
      throw new PartialCreateError(
        `it is mounted, but ${error instanceof Error ? error.message : error}`,
        id,
        inputs,
        inputs,
      );
    }
    return undefined;
  },

  async read(vault, id, known) {
    const path = known?.path === undefined ? id : textOf(known.path);
    const mounted = await readAuth(vault, path, known);
    if (mounted === undefined) return undefined;
    const data = (await vault.read(`auth/${path}/config`)) ?? {};
    const { oidcClientSecret: _, ...told } = fromApi(config, data);
    return { ...told, providerConfig: texts(data.provider_config, known?.providerConfig), ...mounted };
  },

  async update(vault, _id, { inputs, state, changed }) {
    const path = await changeAuth(vault, inputs, state, changed);
    await configure(vault, path, inputs, changed);
    return { path };
  },

  delete: (vault, id, state) =>
    vault.delete(`sys/auth/${state.path === undefined ? id : textOf(state.path)}`),
};

/** The write replaces the whole config; what the program took back is sent as zero. */
async function configure(
  vault: VaultClient,
  path: string,
  inputs: PlainMap,
  changed: ReadonlySet<string>,
): Promise<void> {
  const names = Object.keys(config).filter((name) => inputs[name] !== undefined || changed.has(name));
  const zeros = Object.fromEntries(
    names.map((name): [string, PlainValue] => [name, zeroOf(config[name] ?? { kind: "text" })]),
  );
  const secret = inputs.oidcClientSecret ?? inputs.oidcClientSecretWo;
  await vault.write(`auth/${path}/config`, {
    ...toApi({ ...zeros, ...inputs }, names),
    ...(isMap(inputs.providerConfig) ? { provider_config: typed(inputs.providerConfig) } : {}),
    ...(secret === undefined ? {} : { oidc_client_secret: secret }),
  });
}

const FLAGS: readonly string[] = ["fetch_groups", "fetch_user_info"];
const NUMBERS: readonly string[] = ["groups_recurse_max_depth", "groups_cap"];

/** Pulumi has a map of texts here, Vault wants some of them as what they mean. */
function typed(providerConfig: PlainMap): PlainMap {
  return Object.fromEntries(
    Object.entries(providerConfig).map(([key, value]): [string, PlainValue] => {
      if (FLAGS.includes(key)) return [key, value === "true"];
      return [key, NUMBERS.includes(key) ? Number(value) : value];
    }),
  );
}

/** Back to texts, with the entries that Vault keeps to itself as they were. */
function texts(told: PlainValue | undefined, known: PlainValue | undefined): PlainMap {
  const values = Object.entries(isMap(told) ? told : {}).map(([key, value]) => [key, String(value)]);
  return { ...(isMap(known) ? known : {}), ...(Object.fromEntries(values) as PlainMap) };
}
