import type { Io } from "../../../io";
import type { Finding } from "../../finding";
import type { DeclaredLoop } from "../declared-loop";
import type { Grant } from "../live-reading";
import type { Parts } from "../parts";
import { ArmAccess } from "./arm-access";
import { AzureSurvey } from "./azure-survey";
import { eventFindings } from "./event-checks";
import { azureKeyFindings } from "./key-checks";
import { azureGrants, rightsFindings } from "./rights-checks";

/** What is wrong in Azure, and who may do what there; nothing where the stack has no Azure half. @throws Skip, CliError without an identity. */
export async function readAzure(
  declared: DeclaredLoop,
  env: Io["env"],
  parts: Parts,
): Promise<{ findings: Finding[]; grants: Grant[] }> {
  const { azure, audit } = declared;
  const [key] = audit.azure?.keys ?? [];
  if (azure === undefined || key === undefined) return { findings: [], grants: [] };
  const arm = ArmAccess.open(key.url, azure.tenantId, env);
  try {
    const facts = await new AzureSurvey(arm, declared, azure, parts).facts();
    return {
      findings: [
        ...(facts.keys ?? []).flatMap(azureKeyFindings),
        ...rightsFindings(facts),
        ...eventFindings(facts, declared),
      ],
      grants: azureGrants(facts),
    };
  } finally {
    arm.close();
  }
}
