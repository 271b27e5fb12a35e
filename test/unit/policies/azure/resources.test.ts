import { keyVault, storageAccount } from "../support/azure";
import { describeRule } from "../support/describe-rule";
import { UNKNOWN } from "../support/resources";

describeRule("azure-resource-tagged", {
  violates: { "one missing": [keyVault({ tags: { owner: "x" } }), "has no tag environment; set them"] },
  passes: { both: keyVault(), storage: storageAccount() },
  unknown: { "the tags": [keyVault({ tags: UNKNOWN }), "tags"] },
  limits: [
    { tags: ["cost"] },
    {
      violates: { another: [keyVault(), "has no tag cost"] },
      passes: { it: keyVault({ tags: { cost: "1" } }) },
    },
  ],
});

describeRule("azure-resource-region", {
  violates: {},
  passes: { "any, by default": keyVault() },
  unknown: {},
  limits: [
    { regions: ["North Europe"] },
    {
      violates: { elsewhere: [keyVault(), "lies in westeurope; set location to one of North Europe"] },
      passes: { there: keyVault({ location: "northeurope" }), "no region": storageAccount() },
      unknown: { where: [keyVault({ location: UNKNOWN }), "location"] },
    },
  ],
});
