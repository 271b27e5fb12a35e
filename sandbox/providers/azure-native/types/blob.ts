import type { HttpAnswer } from "../../engine/http-transport";
import type { InputFailure, PlainMap } from "../../engine/resource-type";
import { isMap } from "../../engine/wire";
import type { Definition } from "../arm/definition";
import type { Azure } from "../azure";
import { contentOf } from "../data/asset";
import type { BlobPlace } from "../data/blob-store";
import type { Headers } from "../data/shared-key";
import { outputs, text, textMap } from "../shape/property";
import { containerName } from "./blob-container";
import { accountName } from "./storage-account";

/**
 * A blob with the content of an asset. ARM has no blobs: they are written to the blob service itself by the account's first key,
 * as the official provider does it. What is in the blob cannot change: other content is another blob in its place.
 */
export const blob: Definition = {
  token: "azure-native:storage:Blob",
  noun: "blob",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}/blobs/{blobName}",
  names: {
    accountName,
    containerName,
    blobName: { pattern: /^.{1,1024}$/s, form: "at most 1024 characters" },
  },
  properties: {
    accessTier: { ...text, oneOf: ["Hot", "Cool", "Archive"] },
    contentMd5: { ...text, replace: true },
    contentType: text,
    metadata: textMap,
    source: { kind: "asset", replace: true, writeOnly: true },
    type: { ...text, oneOf: ["Block", "Append"], replace: true },
    ...outputs({ name: text, url: text }),
  },
  check: appendFailures,

  async read(azure, id) {
    const place = placeOf(id);
    const headers = await azure.blobs.head(place);
    return headers === undefined ? undefined : told(azure, place, headers);
  },

  async write(azure, id, _body, inputs, isNew) {
    const place = placeOf(id);
    if (isNew) await upload(azure, place, inputs);
    else await change(azure, place, inputs);
    if (typeof inputs.accessTier === "string")
      await azure.blobs.set(place, "tier", { "x-ms-access-tier": inputs.accessTier });
    return { id };
  },

  delete: (azure, id) => azure.blobs.delete(placeOf(id)),
};

async function upload(azure: Azure, place: BlobPlace, inputs: PlainMap): Promise<void> {
  const isAppend = inputs.type === "Append";
  const content = isMap(inputs.source) ? await contentOf(inputs.source) : Buffer.alloc(0);
  const headers: Headers = {
    "x-ms-blob-type": isAppend ? "AppendBlob" : "BlockBlob",
    ...typeHeader(inputs),
    ...(typeof inputs.contentMd5 === "string" && { "x-ms-blob-content-md5": inputs.contentMd5 }),
    ...metadataHeaders(inputs),
  };
  await azure.blobs.put(place, `create blob ${place.blob}`, headers, content);
}

async function change(azure: Azure, place: BlobPlace, inputs: PlainMap): Promise<void> {
  const type = typeHeader(inputs);
  if (Object.keys(type).length > 0) await azure.blobs.set(place, "properties", type);
  await azure.blobs.set(place, "metadata", metadataHeaders(inputs));
}

function typeHeader({ contentType }: PlainMap): Headers {
  return typeof contentType === "string" ? { "x-ms-blob-content-type": contentType } : {};
}

function metadataHeaders({ metadata }: PlainMap): Headers {
  const entries = isMap(metadata) ? Object.entries(metadata) : [];
  return Object.fromEntries(entries.map(([name, value]) => [`x-ms-meta-${name}`, String(value)]));
}

/** As if ARM had it. Node tells names of headers in small letters, those of metadata as well. */
function told(azure: Azure, place: BlobPlace, headers: HttpAnswer["headers"]): PlainMap {
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith("x-ms-meta-"));
  const tier = headers["x-ms-access-tier"];
  return {
    name: place.blob,
    url: azure.blobs.urlOf(place).href,
    contentMd5: String(headers["content-md5"] ?? ""),
    contentType: String(headers["content-type"] ?? ""),
    metadata: Object.fromEntries(
      metadata.map(([name, value]) => [name.slice("x-ms-meta-".length), String(value)]),
    ),
    type: String(headers["x-ms-blob-type"] ?? "").replace(/Blob$/, ""),
    ...(typeof tier === "string" && tier !== "" && { accessTier: tier }),
  };
}

function placeOf(id: string): BlobPlace {
  const [, accountId = "", account = "", container = "", name = ""] =
    /^(.+\/storageAccounts\/([^/]+))\/blobServices\/default\/containers\/([^/]+)\/blobs\/(.+)$/i.exec(id) ??
    [];
  return { accountId, account, container: decodeURIComponent(container), blob: decodeURIComponent(name) };
}

function appendFailures({ type, source, contentMd5 }: PlainMap): InputFailure[] {
  if (type !== "Append") return [];
  const given = Object.entries({ source, contentMd5 }).filter(([, value]) => value !== undefined);
  return given.map(([path]) => ({
    path,
    reason: `${path} is not for a blob of type Append, which begins empty`,
  }));
}
