import { ROLE_DEFINITION } from "../reading/azure";
import { checkov, cisAzure, psrule } from "../references";
import { resourceRule } from "../rule";

const FORBIDDEN = /\/(delete|purge|release|import|setRotationPolicy|backup|restore|recover)(\/action)?$/i;

export const rule = resourceRule({
  name: "azure-role-definition-narrow",
  title: "A role of one's own lists the actions that it needs",
  why: "A wildcard grants what Azure adds next; deleting, importing and backing up keys is nobody's work in the loop.",
  remedy: "List data actions one by one: keys/read, keys/encrypt/action, keys/decrypt/action.",
  severity: "high",
  references: [checkov("CKV_AZURE_39"), psrule("AZR-000206"), cisAzure("1.23")],
  types: [ROLE_DEFINITION],
  *check(definition) {
    for (const permission of definition.list("permissions"))
      for (const list of ["actions", "dataActions"])
        for (const action of permission.texts(list)) {
          if (action.includes("*")) yield `allows ${action}, which is more than one action; list them`;
          else if (/keyvault/i.test(action) && FORBIDDEN.test(action))
            yield `allows ${action}, which nobody in the loop needs; take it out`;
        }
  },
});
