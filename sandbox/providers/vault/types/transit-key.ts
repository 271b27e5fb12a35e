import { PartialCreateError } from "../../engine/partial-create-error";
import type { PlainMap, PlainValue } from "../../engine/resource-type";
import { fromApi, type Properties, toApi } from "../../engine/table/property";
import { textOf } from "../../engine/values";
import { isMap } from "../../engine/wire";
import type { Definition } from "../definition";
import { trimSlashes } from "../mount-path";
import type { VaultClient } from "../vault-client";
import { VaultError } from "../vault-error";

const properties: Properties = {
  backend: { kind: "text", required: true, replace: true, normalise: trimSlashes },
  name: { kind: "text", required: true, replace: true },
  type: { kind: "text", default: "aes256-gcm96", replace: true },
  deletionAllowed: { kind: "flag", default: false },
  convergentEncryption: { kind: "flag", default: false, replace: true },
  derived: { kind: "flag", default: false, replace: true },
  exportable: { kind: "flag", default: false },
  allowPlaintextBackup: { kind: "flag", default: false },
  autoRotatePeriod: { kind: "integer", computed: true },
  keySize: { kind: "integer", default: 0 },
  minDecryptionVersion: { kind: "integer", default: 1 },
  minEncryptionVersion: { kind: "integer", default: 0 },
  parameterSet: { kind: "text" },
  hybridKeyTypeEc: { kind: "text" },
  hybridKeyTypePqc: { kind: "text" },
  context: { kind: "text", replace: true },
  managedKeyName: { kind: "text", replace: true },
  managedKeyId: { kind: "text", replace: true },
  namespace: { kind: "text", replace: true },
  keys: { kind: "maps", outputOnly: true },
  latestVersion: { kind: "integer", outputOnly: true },
  minAvailableVersion: { kind: "integer", outputOnly: true },
  supportsEncryption: { kind: "flag", outputOnly: true },
  supportsDecryption: { kind: "flag", outputOnly: true },
  supportsDerivation: { kind: "flag", outputOnly: true },
  supportsSigning: { kind: "flag", outputOnly: true },
};

const AT_CREATION = [
  "convergentEncryption",
  "derived",
  "type",
  "keySize",
  "context",
  "managedKeyName",
  "managedKeyId",
  "parameterSet",
  "hybridKeyTypeEc",
  "hybridKeyTypePqc",
] as const;

const CONFIGURABLE = [
  "minDecryptionVersion",
  "minEncryptionVersion",
  "deletionAllowed",
  "exportable",
  "allowPlaintextBackup",
] as const;

/** A key of the transit engine. Vault itself refuses to delete it unless `deletionAllowed` is set. */
export const transitKey: Definition = {
  token: "vault:transit/secretBackendKey:SecretBackendKey",
  noun: "Vault transit key",
  properties,
  identity: ["backend", "name"],
  idOf: ({ backend, name }) => `${trimSlashes(textOf(backend))}/keys/${trimSlashes(textOf(name))}`,

  check({ minDecryptionVersion: lowest }) {
    if (typeof lowest !== "number" || lowest >= 1) return [];
    return [
      { path: "minDecryptionVersion", reason: `minDecryptionVersion must be at least 1, not ${lowest}` },
    ];
  },

  guard(inputs, state) {
    for (const name of ["exportable", "allowPlaintextBackup"]) {
      if (state[name] === true && (inputs[name] ?? false) === false) {
        throw new Error(`${name} cannot be taken back on a key that has it: Vault only ever turns it on`);
      }
    }
  },

  async create(vault, id, inputs) {
    await vault.write(id, {
      ...toApi(inputs, AT_CREATION),
      auto_rotate_period: inputs.autoRotatePeriod ?? 0,
    });
    try {
      await configure(vault, id, inputs, 0);
    } catch (error) {
      throw new PartialCreateError(
        `the key is made, but ${error instanceof Error ? error.message : error}`,
        id,
        inputs,
        inputs,
      );
    }
    return undefined;
  },

  async read(vault, id, known) {
    const [, backend, name] = /^(.+)\/keys\/([^/]+)$/.exec(id) ?? [];
    if (backend === undefined || name === undefined) {
      throw new Error(`"${id}" is no id of a transit key; it has the form <mount>/keys/<name>`);
    }
    const data = await vault.read(id);
    if (data === undefined) return undefined;
    return {
      ...fromApi(properties, data),
      ...(known?.keySize === undefined ? {} : { keySize: data.key_size ?? known.keySize }),
      convergentEncryption: data.convergent_encryption ?? false,
      keys: versionsOf(data.keys),
      backend,
      name,
    };
  },

  async update(vault, id, { inputs, state }) {
    await configure(vault, id, inputs, state.autoRotatePeriod ?? 0);
    return undefined;
  },

  async delete(vault, id) {
    try {
      await vault.delete(id);
    } catch (error) {
      if (!(error instanceof VaultError) || !error.says("deletion is not allowed")) throw error;
      throw new Error(
        `Vault does not allow the deletion of ${id}: set deletionAllowed to true and run up before the destroy, or remove the whole mount`,
      );
    }
  },
};

async function configure(
  vault: VaultClient,
  id: string,
  inputs: PlainMap,
  period: PlainValue,
): Promise<void> {
  await vault.write(`${id}/config`, {
    ...toApi(inputs, CONFIGURABLE),
    auto_rotate_period: inputs.autoRotatePeriod ?? period,
  });
}

/** Symmetric keys come as version → creation time, others as version → description. */
function versionsOf(keys: PlainValue | undefined): PlainValue {
  if (!isMap(keys)) return [];
  const versions = Object.keys(keys).sort((a, b) => Number(a) - Number(b));
  return versions.map((version) => {
    const about = keys[version] ?? null;
    return isMap(about)
      ? Object.fromEntries(Object.entries(about).map(([k, v]) => [k, String(v)]))
      : { id: String(about) };
  });
}
