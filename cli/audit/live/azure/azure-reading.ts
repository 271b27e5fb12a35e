import type { Io } from "../../../io";
import { AzureLook } from "../../../verify/azure/azure-look";
import { declaredAzure } from "../../../verify/declared-azure";
import type { Finding } from "../../finding";
import type { DeclaredLoop } from "../declared-loop";
import type { Grant } from "../live-reading";
import type { Parts } from "../parts";
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
  const half = declaredAzure(declared);
  if (half === undefined || half.keys.length === 0) return { findings: [], grants: [] };
  const look = new AzureLook(half, env);
  try {
    const facts = await new AzureSurvey(look, parts).facts();
    return {
      findings: [
        ...facts.keys.flatMap(azureKeyFindings),
        ...rightsFindings(facts),
        ...eventFindings(facts, half),
      ],
      grants: azureGrants(facts),
    };
  } finally {
    look.close();
  }
}
