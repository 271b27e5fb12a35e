import type { AzureLook } from "../../azure/azure-look";
import { Fault, NotNeeded, type Probe } from "../../probe";
import { fieldOf, listOf } from "../../vault-access";
import { azureProbe } from "./azure-probe";

const NEW_VERSION = "Microsoft.KeyVault.KeyNewVersionCreated";

export function azureEvents(look: AzureLook): Probe {
  return azureProbe(
    "azure-events",
    "Event Grid tells the relay of each new version",
    ["azure-vault"],
    async () => {
      const { relay, keys } = look.declared;
      if (!relay) throw new NotNeeded("the program declares no relay (azure.relay is not set)");
      for (const id of relay.subscriptionIds) {
        const found = await look.subscriptionOf(id);
        const next = `az resource show --ids ${id} --api-version 2022-06-15; pulumi up --refresh`;
        const name = id.split("/").at(-1);
        if (!found)
          throw new Fault(
            `the event subscription ${name} is gone: rotations are seen by the sweep only`,
            next,
          );
        if (found.provisioningState !== "Succeeded")
          throw new Fault(`the event subscription ${name} is ${found.provisioningState}`, next);
        const destination = fieldOf(fieldOf(found, "destination"), "properties");
        const endpoint = String(destination?.endpointBaseUrl ?? "");
        if (endpoint !== `${relay.url}/events`)
          throw new Fault(`events go to ${hostOf(endpoint)}, declared is ${relay.url}/events`, next);
        const filter = fieldOf(found, "filter");
        const types = listOf(filter?.includedEventTypes);
        if (types.join() !== NEW_VERSION)
          throw new Fault(
            `${name} is for ${types.join(", ") || "every event"}, declared is ${NEW_VERSION}`,
            next,
          );
        const [key] = keys;
        if (filter?.subjectBeginsWith !== key?.name || filter?.subjectEndsWith !== key?.name)
          throw new Fault(
            `${name} is for keys like ${filter?.subjectBeginsWith || "any"}, declared is ${key?.name}`,
            next,
          );
        if (!found.deadLetterWithResourceIdentity && !found.deadLetterDestination)
          throw new Fault(`${name}: what cannot be delivered is kept nowhere`, next);
      }
      return `${relay.subscriptionIds.map((id) => id.split("/").at(-1)).join(", ")} to ${relay.url}/events`;
    },
  );
}

/** What stands behind the host may be a secret. */
function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : "nowhere that is told";
}
