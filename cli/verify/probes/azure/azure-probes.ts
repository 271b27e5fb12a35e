import { AzureDecryptors } from "../../azure/azure-decryptors";
import type { AzureLook } from "../../azure/azure-look";
import type { Probe } from "../../probe";
import { azureEvents } from "./azure-events";
import { azureKey } from "./azure-key";
import { azureLogin } from "./azure-login";
import { azureRoles } from "./azure-roles";
import { azureRotation } from "./azure-rotation";
import { azureRoundTrip } from "./azure-round-trip";
import { azureTrust } from "./azure-trust";
import { azureVault } from "./azure-vault";
import { relay } from "./relay";

/** Those of the Azure half, in the order in which one explains the other. */
export function azureProbes(look: AzureLook): readonly Probe[] {
  const decryptors = new AzureDecryptors(look);
  return [
    azureVault(look),
    azureKey(look),
    azureRotation(look),
    azureRoles(look),
    azureTrust(look),
    azureLogin(decryptors),
    azureRoundTrip(look, decryptors),
    azureEvents(look),
    relay(look),
  ];
}
