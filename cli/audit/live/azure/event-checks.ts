import type { DeclaredAzure } from "../../../verify/declared-azure";
import { fieldOf, listOf } from "../../../verify/vault-access";
import type { Finding } from "../../finding";
import { found } from "../found";
import type { AzureFacts, EventFacts } from "./facts";

const NEW_VERSION = "Microsoft.KeyVault.KeyNewVersionCreated";

/** Who is told of the keys' new versions. */
export function eventFindings({ events = [] }: AzureFacts, { relay }: DeclaredAzure): Finding[] {
  const url = relay?.url;
  return url === undefined ? [] : events.flatMap((one) => subscriptionFindings(one, url));
}

function subscriptionFindings({ id, isDeclared, properties }: EventFacts, url: string): Finding[] {
  if (properties === undefined) return [found("azure-events-missing", id, "there is no such subscription")];
  const destination = fieldOf(fieldOf(properties, "destination"), "properties");
  const base = String(destination?.endpointBaseUrl ?? "");
  // The rest of an address may be a secret.
  const host = URL.canParse(base) ? new URL(base).host : "elsewhere";
  if (!isDeclared)
    return [found("azure-events-elsewhere", id, `the program did not make it; it goes to ${host}`)];
  const findings: Finding[] = [];
  if (base !== "" && !base.startsWith(`${url}/`))
    findings.push(
      found("azure-events-elsewhere", id, `it goes to ${host}, declared is ${new URL(url).host}`),
    );
  const filter = fieldOf(properties, "filter");
  const types = listOf(filter?.includedEventTypes);
  if (types.join() !== NEW_VERSION)
    findings.push(found("azure-events-unfiltered", id, `it tells of ${types.join(", ") || "everything"}`));
  const kept = properties.deadLetterWithResourceIdentity ?? properties.deadLetterDestination;
  if (kept === undefined || kept === null)
    findings.push(found("azure-events-unfiltered", id, "what cannot be delivered is not kept"));
  return findings;
}
