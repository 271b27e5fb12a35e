import { fromApi, type Properties, toApi } from "../../engine/table/property";
import type { Definition } from "../definition";
import { trimSlashes } from "../mount-path";
import { roleId, roleOf } from "../role-id";
import { tokenBody, tokenProperties, withMasks } from "../token-properties";

const properties: Properties = {
  roleName: { kind: "text", required: true, replace: true },
  backend: { kind: "text", default: "kubernetes", replace: true, normalise: trimSlashes },
  boundServiceAccountNames: { kind: "set", required: true },
  boundServiceAccountNamespaces: { kind: "set" },
  boundServiceAccountNamespaceSelector: { kind: "text" },
  audience: { kind: "text" },
  aliasNameSource: { kind: "text", computed: true },
  namespace: { kind: "text", replace: true },
  ...tokenProperties,
};

/** The plugin leaves these out of its answer when they are not set. */
const NOT_TOLD_WHEN_EMPTY = { audience: "", boundServiceAccountNamespaceSelector: "" };

const BOUND = ["boundServiceAccountNames", "boundServiceAccountNamespaces"] as const;

/** Which service accounts may log in, and with what token. */
export const kubernetesRole: Definition = {
  token: "vault:kubernetes/authBackendRole:AuthBackendRole",
  noun: "Vault Kubernetes auth role",
  properties,
  identity: ["backend", "roleName"],
  idOf: roleId,

  create: (vault, id, inputs) =>
    vault.write(id, {
      ...tokenBody(inputs),
      ...toApi(inputs, [...BOUND, "boundServiceAccountNamespaceSelector", "audience", "aliasNameSource"]),
    }),

  async read(vault, id, known) {
    const place = roleOf(id);
    const data = await vault.read(id);
    if (data === undefined) return undefined;
    return {
      ...NOT_TOLD_WHEN_EMPTY,
      ...fromApi(properties, data),
      tokenBoundCidrs: withMasks(data.token_bound_cidrs, known?.tokenBoundCidrs),
      ...place,
    };
  },

  update(vault, id, { inputs, changed }) {
    const maybe = ["audience", "aliasNameSource"].filter((name) => changed.has(name));
    return vault.write(id, {
      ...tokenBody(inputs, changed),
      ...toApi({ boundServiceAccountNamespaces: [], ...inputs }, BOUND),
      bound_service_account_namespace_selector: inputs.boundServiceAccountNamespaceSelector ?? "",
      ...toApi({ audience: "", ...inputs }, maybe),
    });
  },

  delete: (vault, id) => vault.delete(id),
};
