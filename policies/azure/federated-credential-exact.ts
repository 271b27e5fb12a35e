import * as z from "zod";
import { FEDERATED_CREDENTIAL } from "../reading/azure";
import { isPrivateUrl, originOf } from "../reading/urls";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-federated-credential-exact",
  title: "A federated credential is for one subject of one issuer",
  why: "Azure gives the identity to whoever brings a token that fits. A subject that is wider than one account or one branch fits others too.",
  remedy:
    "Set `issuer` to the cluster's or GitLab's https address, `subject` to one account or one branch, and `audiences` to api://AzureADTokenExchange.",
  severity: "critical",
  types: [FEDERATED_CREDENTIAL],
  limits: z.strictObject({
    audiences: z
      .array(z.string().min(1))
      .default(["api://AzureADTokenExchange"])
      .describe("Audiences that tokens may be made for."),
  }),
  *check(credential, { audiences }) {
    const subject = credential.text("subject") ?? "";
    const issuer = credential.text("issuer") ?? "";
    if (subject === "" || subject.includes("*"))
      yield `is for the subject "${subject}"; name one account or one branch`;
    if (!isPrivateUrl(issuer)) yield `believes ${originOf(issuer)}; set issuer to an https address`;
    if (/^project_path:/.test(subject) && !/:ref_type:branch:ref:.+/.test(subject))
      yield "is for jobs of every branch or tag of its project; end the subject in ref_type:branch:ref:<branch>";
    const others = credential.texts("audiences").filter((each) => !audiences.includes(each));
    if (credential.list("audiences").length === 0 || others.length > 0)
      yield `takes tokens that were made for ${others.join(", ") || "anybody"}; set audiences to ${audiences.join(", ")}`;
  },
});
