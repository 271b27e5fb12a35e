import type { AzureLook, Fields } from "../../azure/azure-look";
import type { DeclaredAzureKey } from "../../declared-azure";
import { Fault, type Probe } from "../../probe";
import { fieldOf } from "../../vault-access";
import { azureProbe } from "./azure-probe";

export function azureRotation(look: AzureLook): Probe {
  return azureProbe("azure-rotation", "Azure's keys rotate as declared", ["azure-key"], async () => {
    const seen = new Set<string>();
    for (const declared of look.declared.keys) {
      const live = rotationOf(await look.key(declared));
      const wanted = wordsOf(declared);
      if (live !== wanted)
        throw new Fault(
          `${declared.url} ${live}, declared is: ${wanted}`,
          `az keyvault key rotation-policy show --vault-name ${declared.vault} --name ${declared.name}; az keyvault key rotation-policy update --help`,
        );
      seen.add(live);
    }
    return [...seen].join("; ");
  });
}

function rotationOf(key: Fields): string {
  const policy = fieldOf(key, "rotationPolicy");
  const actions = Array.isArray(policy?.lifetimeActions) ? (policy.lifetimeActions as readonly Fields[]) : [];
  const rotates = actions.find((one) => String(fieldOf(one, "action")?.type).toLowerCase() === "rotate");
  const trigger = fieldOf(rotates, "trigger");
  return wordsOf({
    rotatesAfter: textOf(trigger?.timeAfterCreate),
    rotatesBeforeExpiry: textOf(trigger?.timeBeforeExpiry),
    expiresAfter: textOf(fieldOf(policy, "attributes")?.expiryTime),
  });
}

type Times = Pick<DeclaredAzureKey, "rotatesAfter" | "rotatesBeforeExpiry" | "expiresAfter">;

function wordsOf({ rotatesAfter, rotatesBeforeExpiry, expiresAfter }: Times): string {
  const rotates =
    rotatesAfter !== null
      ? `rotates ${rotatesAfter} after a version was made`
      : rotatesBeforeExpiry !== null
        ? `rotates ${rotatesBeforeExpiry} before a version ends`
        : "is rotated by people only";
  return expiresAfter === null ? rotates : `${rotates}; a version ends after ${expiresAfter}`;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
