import * as z from "zod";
import { objectOf, SERVICE_ACCOUNT } from "../reading/kubernetes";
import { checkov, cisKubernetes } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "kubernetes-account-no-automount",
  title: "A service account's token is not mounted unasked",
  why: "Flux asks for tokens one by one. One that lies in a pod can be read by whatever runs there.",
  remedy: "Set `automountServiceAccountToken` to false.",
  severity: "medium",
  references: [cisKubernetes("5.1.6"), checkov("CKV_K8S_38")],
  types: [SERVICE_ACCOUNT],
  limits: z.strictObject({
    mounted: z
      .array(z.string())
      .default([])
      .describe("Accounts whose pods need their token, as `namespace/name`."),
  }),
  *check(account, { mounted }) {
    if (account.flag("automountServiceAccountToken") === false || mounted.includes(objectOf(account))) return;
    yield `has its token mounted into every pod of ${objectOf(account)}; set automountServiceAccountToken to false`;
  },
});
