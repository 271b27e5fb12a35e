import { textOf } from "../../engine/values";
import type { Definition } from "../definition";

/** An ACL policy, as the text that was written. */
export const policy: Definition = {
  token: "vault:index/policy:Policy",
  noun: "Vault policy",
  properties: {
    name: { kind: "text", required: true, replace: true },
    policy: { kind: "text", required: true },
    namespace: { kind: "text", replace: true },
  },
  identity: ["name"],
  idOf: (inputs) => textOf(inputs.name),

  create: (vault, id, { policy: rules }) => vault.write(`sys/policies/acl/${id}`, { policy: textOf(rules) }),
  update: (vault, id, { inputs }) => vault.write(`sys/policies/acl/${id}`, { policy: textOf(inputs.policy) }),

  async read(vault, id) {
    const data = await vault.read(`sys/policies/acl/${id}`);
    return data === undefined ? undefined : { name: id, policy: data.policy ?? "" };
  },

  delete: (vault, id) => vault.delete(`sys/policies/acl/${id}`),
};
