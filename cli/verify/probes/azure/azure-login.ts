import type { AzureDecryptors } from "../../azure/azure-decryptors";
import { NotNeeded, type Probe } from "../../probe";
import { azureProbe } from "./azure-probe";

export function azureLogin(decryptors: AzureDecryptors): Probe {
  return azureProbe(
    "azure-login",
    "The service accounts log in to Azure",
    ["cluster"],
    async ({ logins }) => {
      if (decryptors.all.length === 0) throw new NotNeeded("no service account has an identity in Azure");
      for (const account of decryptors.all) await decryptors.as(account, logins);
      return decryptors.all
        .map(
          ({ namespace, serviceAccount, identity }) => `${namespace}/${serviceAccount} as ${identity.name}`,
        )
        .join(", ");
    },
  );
}
