import type { AzureLook, Fields } from "../../azure/azure-look";
import { Fault, type Probe } from "../../probe";
import { fieldOf, listOf } from "../../vault-access";
import { azureProbe } from "./azure-probe";

export function azureTrust(look: AzureLook): Probe {
  return azureProbe(
    "azure-trust",
    "Azure's identities trust whom they are declared to",
    ["azure-vault"],
    async () => {
      for (const identity of look.declared.identities) {
        const { name } = identity;
        const wanted = wordsOf(identity.issuer, identity.subject, [identity.audience]);
        const live = (await look.trusts(identity)).map((one) => {
          const { issuer, subject, audiences } = (fieldOf(one, "properties") ?? {}) as Fields;
          return { name: String(one.name), words: wordsOf(issuer, subject, listOf(audiences)) };
        });
        const group = /\/resourceGroups\/([^/]+)/i.exec(String((await look.identity(identity)).id))?.[1];
        const where = `--identity-name ${name} --resource-group ${group}`;
        const other = live.find(({ words }) => words !== wanted);
        if (other)
          throw new Fault(
            `${name} trusts ${other.words}; declared is ${wanted}`,
            live.length > 1
              ? `az identity federated-credential delete --name ${other.name} ${where}; pulumi up --refresh`
              : `az identity federated-credential list ${where}; pulumi up --refresh`,
          );
        if (live.length === 0)
          throw new Fault(
            `${name} trusts nobody: ${identity.subject} gets no token`,
            `az identity federated-credential list ${where}; pulumi up --refresh`,
          );
      }
      return look.declared.identities.map(({ name, subject }) => `${name}: ${subject}`).join("; ");
    },
  );
}

/** As strings that have to be equal to the letter: Entra ID compares them so. */
function wordsOf(issuer: unknown, subject: unknown, audiences: readonly string[]): string {
  return `${subject} of ${issuer} for ${audiences.join(", ")}`;
}
