import type { PlainMap, PlainValue } from "../../engine/resource-type";
import { fromApi, type Properties, toApi } from "../../engine/table/property";
import { textOf, textsOf } from "../../engine/values";
import type { Definition } from "../definition";
import { trimSlashes } from "../mount-path";

const properties: Properties = {
  backend: { kind: "text", default: "kubernetes", replace: true, normalise: trimSlashes },
  kubernetesHost: { kind: "text", required: true },
  kubernetesCaCert: { kind: "text", computed: true },
  tokenReviewerJwt: { kind: "text", default: "", secret: true, conflicts: ["tokenReviewerJwtWo"] },
  tokenReviewerJwtWo: { kind: "text", secret: true, writeOnly: true },
  tokenReviewerJwtWoVersion: { kind: "integer" },
  pemKeys: { kind: "list" },
  issuer: { kind: "text" },
  disableIssValidation: { kind: "flag", computed: true },
  disableLocalCaJwt: { kind: "flag", computed: true },
  useAnnotationsAsAliasMetadata: { kind: "flag", computed: true },
  namespace: { kind: "text", replace: true },
};

/**
 * How Vault checks the tokens of a cluster. Writing it replaces all of it, and Vault never tells the reviewer's token: it
 * is sent along from the program on every write. There is nothing to delete; it goes with its mount.
 */
export const kubernetesConfig: Definition = {
  token: "vault:kubernetes/authBackendConfig:AuthBackendConfig",
  noun: "Vault Kubernetes auth config",
  properties,
  identity: ["backend"],
  idOf: ({ backend }) => `auth/${trimSlashes(textOf(backend))}/config`,

  check(inputs) {
    if (inputs.tokenReviewerJwtWoVersion === undefined || inputs.tokenReviewerJwtWo !== undefined) return [];
    return [
      {
        path: "tokenReviewerJwtWoVersion",
        reason: "tokenReviewerJwtWoVersion says nothing without tokenReviewerJwtWo",
      },
    ];
  },

  // A CA that the program no longer names must go, unless Vault was told never to use its own pod's.
  computed: (name, inputs) =>
    name === "kubernetesCaCert" ? inputs.disableLocalCaJwt === true : properties[name]?.computed === true,

  create: (vault, id, inputs) => vault.write(id, body(inputs, {}, textOf(inputs.tokenReviewerJwtWo ?? ""))),

  async read(vault, id) {
    const backend = /^auth\/(.+)\/config$/.exec(id)?.[1];
    if (backend === undefined) {
      throw new Error(`"${id}" is no id of a Kubernetes auth config; it has the form auth/<mount>/config`);
    }
    const data = await vault.read(id);
    if (data === undefined) return undefined;
    return { ...fromApi(properties, data), backend };
  },

  update(vault, id, { inputs, state, changed }) {
    const resend = changed.has("tokenReviewerJwtWoVersion");
    return vault.write(id, body(inputs, state, resend ? textOf(inputs.tokenReviewerJwtWo ?? "") : ""));
  },

  delete: () => Promise.resolve(),
};

function body(inputs: PlainMap, state: PlainMap, writeOnlyJwt: string): PlainMap {
  const flags = ["disableIssValidation", "disableLocalCaJwt", "useAnnotationsAsAliasMetadata"];
  const settled = Object.fromEntries(
    flags.map((name): [string, PlainValue] => [name, inputs[name] ?? state[name] ?? false]),
  );
  const jwt = textOf(inputs.tokenReviewerJwt ?? "") || writeOnlyJwt;
  const keepCa = inputs.disableLocalCaJwt === true ? state.kubernetesCaCert : undefined;
  const ca = inputs.kubernetesCaCert ?? keepCa;
  return {
    ...toApi(inputs, ["kubernetesHost", "issuer"]),
    ...toApi(settled, flags),
    ...(ca === undefined ? {} : { kubernetes_ca_cert: ca }),
    ...(jwt === "" ? {} : { token_reviewer_jwt: jwt }),
    ...(inputs.pemKeys === undefined ? {} : { pem_keys: textsOf(inputs.pemKeys).join(",") }),
  };
}
