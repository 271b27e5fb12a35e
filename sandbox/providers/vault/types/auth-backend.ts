import { PartialCreateError } from "../../engine/partial-create-error";
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
import { trimSlashes } from "../mount-path";

/** An authentication method of any type, mounted. Its own configuration is another resource. */
export const authBackend: Definition = {
  token: "vault:index/authBackend:AuthBackend",
  noun: "Vault auth backend",
  properties: {
    ...authMountProperties,
    type: { kind: "text", required: true, replace: true },
    path: { kind: "text", computed: true, normalise: trimSlashes },
    identityTokenKey: { kind: "text" },
  },
  identity: ["path"],
  idOf: (inputs) => textOf(inputs.path ?? inputs.type),

  check(inputs) {
    const { path } = inputs;
    const failures = tuneFailures(inputs);
    if (typeof path === "string" && path !== trimSlashes(path)) {
      failures.push({ path: "path", reason: `path must not begin or end with a slash: "${path}"` });
    }
    return failures;
  },

  async create(vault, id, inputs) {
    await enableAuth(vault, id, inputs);
    try {
      if (isMap(inputs.tune)) await tuneAuth(vault, id, tuneBody(inputs.tune));
    } catch (error) {
      throw new PartialCreateError(
        `it is mounted, but ${error instanceof Error ? error.message : error}`,
        id,
        inputs,
        {
          ...inputs,
          path: id,
        },
      );
    }
    return undefined;
  },

  read: (vault, id, known) => readAuth(vault, known?.path === undefined ? id : textOf(known.path), known),

  async update(vault, _id, { inputs, state, changed }) {
    return { path: await changeAuth(vault, inputs, state, changed) };
  },

  delete: (vault, id, state) =>
    vault.delete(`sys/auth/${state.path === undefined ? id : textOf(state.path)}`),
};
