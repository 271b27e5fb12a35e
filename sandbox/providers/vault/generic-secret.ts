import type { PlainMap } from "../engine/resource-type";
import type { VaultClient } from "./vault-client";

/** Token of the data source that reads any path of Vault's API. */
export const GENERIC_SECRET = "vault:generic/getSecret:getSecret";

/** Reads a path as the official plugin does: the `data` of the answer, as JSON text and as text by key. */
export async function readGenericSecret(
  client: VaultClient,
  { path, namespace }: PlainMap,
): Promise<PlainMap> {
  if (typeof path !== "string") throw new Error(`${GENERIC_SECRET} needs a path`);
  const data = await client.in(namespace).read(path);
  if (data === undefined) throw new Error(`no secret found at "${path}"`);
  const texts = Object.entries(data).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { id: path, path, data: Object.fromEntries(texts), dataJson: JSON.stringify(data) };
}
