import { toApi } from "../../engine/table/property";
import { textOf } from "../../engine/values";
import { isMap } from "../../engine/wire";
import type { Definition } from "../definition";

/** An audit device. Vault can only add and remove one, never change it. */
export const audit: Definition = {
  token: "vault:index/audit:Audit",
  noun: "Vault audit device",
  properties: {
    type: { kind: "text", required: true, replace: true },
    path: { kind: "text", computed: true, replace: true },
    description: { kind: "text", replace: true },
    local: { kind: "flag", replace: true },
    options: { kind: "map", required: true, replace: true },
    namespace: { kind: "text", replace: true },
  },
  identity: ["path"],
  idOf: (inputs) => textOf(inputs.path ?? inputs.type),

  create: (vault, id, inputs) =>
    vault.write(`sys/audit/${id}`, toApi(inputs, ["type", "description", "local", "options"])),

  async read(vault, id) {
    const device = (await vault.read("sys/audit"))?.[`${id.replace(/\/+$/, "")}/`];
    if (!isMap(device)) return undefined;
    const { type, description, options, local } = device;
    return {
      path: id,
      type: type ?? "",
      description: description ?? "",
      options: options ?? {},
      local: local ?? false,
    };
  },

  delete: (vault, id) => vault.delete(`sys/audit/${id}`),
};
