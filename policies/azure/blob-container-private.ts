import { BLOB_CONTAINER } from "../reading/azure";
import { checkov } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-blob-container-private",
  title: "A container's blobs are not public",
  why: "Dead letters tell which keys were rotated when, and by which address the relay is reached.",
  remedy: "Set `publicAccess` to None.",
  severity: "high",
  references: [checkov("CKV_AZURE_34")],
  types: [BLOB_CONTAINER],
  *check(container) {
    const access = container.text("publicAccess") ?? "None";
    if (access !== "None") yield `shows its blobs to everybody (${access}); set publicAccess to None`;
  },
});
