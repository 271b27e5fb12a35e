import type { InputFailure, PlainMap, PlainValue } from "../../engine/resource-type";
import type { Properties } from "../../engine/table/property";
import { textOf, textsOf } from "../../engine/values";
import { isMap } from "../../engine/wire";
import type { Definition } from "../definition";
import { canonicalJson, sorted } from "../values";
import type { VaultClient } from "../vault-client";

const properties: Properties = {
  path: { kind: "text", required: true, replace: true },
  dataJson: { kind: "text", required: true, secret: true, normalise: canonicalJson },
  disableRead: { kind: "flag", default: false },
  disableDelete: { kind: "flag", default: false },
  ignoreAbsentFields: { kind: "flag", default: false },
  writeFields: { kind: "list" },
  namespace: { kind: "text", replace: true },
  writeData: { kind: "map", outputOnly: true },
  writeDataJson: { kind: "text", outputOnly: true },
};

/** Any path of Vault's API that takes a JSON object: here for what has no resource type of its own. */
export const endpoint: Definition = {
  token: "vault:generic/endpoint:Endpoint",
  noun: "Vault endpoint",
  properties,
  identity: ["path"],
  idOf: (inputs) => textOf(inputs.path),

  check(inputs): readonly InputFailure[] {
    const { dataJson } = inputs;
    if (typeof dataJson !== "string" || isObject(dataJson)) return [];
    return [{ path: "dataJson", reason: "dataJson must be the JSON text of an object" }];
  },

  create: (vault, id, inputs) => put(vault, id, inputs),
  update: (vault, id, { inputs }) => put(vault, id, inputs),

  async read(vault, id, known) {
    if (known?.disableRead === true) return known;
    const data = await vault.read(id);
    if (data === undefined) return undefined;
    return { path: id, dataJson: JSON.stringify(sorted(relevant(data, known))) };
  },

  async delete(vault, id, state) {
    if (state.disableDelete !== true) await vault.delete(id);
  },
};

async function put(vault: VaultClient, path: string, inputs: PlainMap): Promise<PlainMap> {
  const answer = await vault.write(path, JSON.parse(textOf(inputs.dataJson)) as PlainMap);
  if (answer === undefined) return { writeData: {}, writeDataJson: "null" };
  const kept = textsOf(inputs.writeFields)
    .filter((field) => field in answer)
    .map((field): [string, PlainValue] => [field, answer[field] ?? null]);
  const texts = kept.map(([field, value]) => [
    field,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return {
    writeData: Object.fromEntries(texts) as PlainMap,
    writeDataJson: JSON.stringify(sorted(Object.fromEntries(kept))),
  };
}

/** With `ignoreAbsentFields` only the fields that were written count, and one that Vault does not tell counts as it was. */
function relevant(data: PlainMap, known: PlainMap | undefined): PlainMap {
  if (known?.ignoreAbsentFields !== true) return data;
  const written = JSON.parse(textOf(known.dataJson)) as PlainMap;
  return Object.fromEntries(
    Object.keys(written).map((field) => [field, data[field] ?? written[field] ?? null]),
  );
}

function isObject(text: string): boolean {
  try {
    return isMap(JSON.parse(text) as PlainValue);
  } catch {
    return false;
  }
}
