import * as z from "zod";
import { KEY_VAULT, STORAGE_ACCOUNT, SYSTEM_TOPIC, WEB_APP } from "../reading/azure";
import { psrule } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-resource-tagged",
  title: "A resource says which environment it belongs to and who owns it",
  why: "In a subscription that many share, nobody dares to remove what says nothing, and somebody removes the vault that they needed.",
  remedy: "Set the tags that the rule's limit `tags` lists.",
  severity: "low",
  // Names of tags are each house's own: a house that has settled on some makes this mandatory.
  enforcement: "advisory",
  references: [psrule("AZR-000166")],
  types: [KEY_VAULT, SYSTEM_TOPIC, WEB_APP, STORAGE_ACCOUNT],
  limits: z.strictObject({
    tags: z.array(z.string().min(1)).default(["environment", "owner"]).describe("Tags that have to be set."),
  }),
  *check(resource, { tags }) {
    const missing = tags.filter((tag) => !resource.at("tags").key(tag).has());
    if (missing.length > 0) yield `has no tag ${missing.join(" and no ")}; set them`;
  },
});
