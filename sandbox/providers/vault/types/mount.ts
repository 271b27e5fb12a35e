import type { PlainMap } from "../../engine/resource-type";
import { fromApi, type Properties, toApi, zeroOf } from "../../engine/table/property";
import { textOf } from "../../engine/values";
import type { Definition } from "../definition";
import { remount } from "../mount-path";

const properties: Properties = {
  path: { kind: "text", required: true },
  type: { kind: "text", required: true, replace: true },
  description: { kind: "text" },
  defaultLeaseTtlSeconds: { kind: "integer", computed: true },
  maxLeaseTtlSeconds: { kind: "integer", computed: true },
  forceNoCache: { kind: "flag", computed: true },
  auditNonHmacRequestKeys: { kind: "list", computed: true },
  auditNonHmacResponseKeys: { kind: "list", computed: true },
  listingVisibility: { kind: "text" },
  passthroughRequestHeaders: { kind: "list" },
  allowedResponseHeaders: { kind: "list" },
  pluginVersion: { kind: "text" },
  allowedManagedKeys: { kind: "set" },
  delegatedAuthAccessors: { kind: "list" },
  identityTokenKey: { kind: "text" },
  options: { kind: "map" },
  sealWrap: { kind: "flag", computed: true, replace: true },
  externalEntropyAccess: { kind: "flag", default: false, replace: true },
  local: { kind: "flag", replace: true },
  namespace: { kind: "text", replace: true },
  accessor: { kind: "text", outputOnly: true },
};

/** Properties inside the mount's `config`, beside the two lease times. */
const TUNABLE = [
  "auditNonHmacRequestKeys",
  "auditNonHmacResponseKeys",
  "listingVisibility",
  "passthroughRequestHeaders",
  "allowedResponseHeaders",
  "pluginVersion",
  "allowedManagedKeys",
  "delegatedAuthAccessors",
] as const;

/** A secrets engine. Its path can change: Vault then moves it, with everything in it. */
export const mount: Definition = {
  token: "vault:index/mount:Mount",
  noun: "Vault mount",
  properties,
  identity: ["path"],
  idOf: (inputs) => textOf(inputs.path),

  async create(vault, id, inputs) {
    await vault.write(`sys/mounts/${id}`, {
      ...toApi(inputs, ["type", "description", "local", "sealWrap", "externalEntropyAccess"]),
      options: inputs.options ?? {},
      config: { ...leases(inputs), ...toApi(inputs, ["forceNoCache", ...TUNABLE]) },
    });
    return undefined;
  },

  async read(vault, id, known) {
    const path = known?.path === undefined ? id : textOf(known.path);
    const data = await vault.read(`sys/mounts/${path}`);
    if (data === undefined) return undefined;
    const config = data.config as PlainMap;
    return {
      ...fromApi(properties, config),
      ...fromApi(properties, data),
      path,
      defaultLeaseTtlSeconds: config.default_lease_ttl ?? 0,
      maxLeaseTtlSeconds: config.max_lease_ttl ?? 0,
      ...(known?.pluginVersion === undefined ? {} : { pluginVersion: known.pluginVersion }),
    };
  },

  async update(vault, _id, { inputs, state, changed }) {
    const path = textOf(inputs.path);
    if (changed.has("path")) await remount(vault, textOf(state.path), path);
    const tuned = ["description", ...TUNABLE].filter((name) => changed.has(name));
    await vault.write(`sys/mounts/${path}/tune`, {
      ...leases({ ...state, ...inputs }),
      options: inputs.options ?? {},
      ...toApi({ ...zeros(tuned), ...inputs }, tuned),
    });
    return undefined;
  },

  delete: (vault, id, state) =>
    vault.delete(`sys/mounts/${state.path === undefined ? id : textOf(state.path)}`),
};

/** Zero stands for the server's own lease times, as it does in the official provider. */
function leases(inputs: PlainMap): PlainMap {
  return {
    default_lease_ttl: `${Number(inputs.defaultLeaseTtlSeconds ?? 0)}s`,
    max_lease_ttl: `${Number(inputs.maxLeaseTtlSeconds ?? 0)}s`,
  };
}

function zeros(names: readonly string[]): PlainMap {
  return Object.fromEntries(names.map((name) => [name, zeroOf(properties[name] ?? { kind: "text" })]));
}
