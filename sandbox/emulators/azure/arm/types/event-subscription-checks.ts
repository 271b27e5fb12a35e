import { listAt, objectAt, textAt } from "../../json";
import { STORAGE_ACCOUNTS } from "../../storage/storage-service";
import { badRequest } from "../arm-refusal";
import type { WriteAsk } from "../resource-type";

const ROLE = "AzureEventGridSecureWebhookSubscriber";
const MOST_HEADERS = 10;
const MOST_HEADER_BYTES = 4_096;
const NAME = /^[a-zA-Z0-9-]{3,64}$/;

const invalid = (problem: string) =>
  badRequest(`Invalid event subscription request: ${problem}`, "InvalidRequest");

/** What Event Grid looks at before it asks the receiver. */
export function checkEventSubscription(ask: WriteAsk): void {
  const { id, body } = ask;
  const properties = objectAt(body, "properties");
  const type = textAt(properties, "destination", "endpointType");
  if (!NAME.test(id.name))
    throw invalid(`'${id.name}' is not a name of 3 to 64 letters, digits and hyphens.`);
  if (type !== "WebHook") throw invalid(`the emulator delivers to webhooks; '${type}' is none.`);
  const endpoint = textAt(properties, "destination", "properties", "endpointUrl") ?? "";
  if (!URL.canParse(endpoint) || new URL(endpoint).protocol !== "https:")
    throw invalid(
      "Supplied URL is invalid. It cannot be null or empty and should be a proper HTTPS URL like https://www.example.com.",
    );
  const schema = textAt(properties, "eventDeliverySchema") ?? "EventGridSchema";
  if (!["EventGridSchema", "CloudEventSchemaV1_0"].includes(schema))
    throw invalid(`events of system topics are not delivered in the schema '${schema}'.`);
  checkLimits(ask);
  checkHeaders(ask);
  checkEntra(ask);
  checkDeadLetter(ask);
}

function checkLimits({ body }: WriteAsk): void {
  const destination = objectAt(body, "properties", "destination", "properties");
  const retry = objectAt(body, "properties", "retryPolicy");
  const limits = [
    ["maxEventsPerBatch", destination.maxEventsPerBatch, 1, 5_000],
    ["preferredBatchSizeInKilobytes", destination.preferredBatchSizeInKilobytes, 1, 1_024],
    ["maxDeliveryAttempts", retry.maxDeliveryAttempts, 1, 30],
    ["eventTimeToLiveInMinutes", retry.eventTimeToLiveInMinutes, 1, 1_440],
  ] as const;
  for (const [name, value, least, most] of limits)
    if (typeof value === "number" && !(Number.isInteger(value) && value >= least && value <= most))
      throw invalid(`${name} has to be a whole number from ${least} to ${most}.`);
}

function checkHeaders({ body }: WriteAsk): void {
  const mappings = listAt(body, "properties", "destination", "properties", "deliveryAttributeMappings");
  if (mappings.length > MOST_HEADERS) throw invalid(`there can be ${MOST_HEADERS} delivery attributes.`);
  const withEntra = textAt(
    body,
    "properties",
    "destination",
    "properties",
    "azureActiveDirectoryApplicationIdOrUri",
  );
  for (const mapping of mappings) {
    const name = textAt(mapping, "name") ?? "";
    if (/^aeg-/i.test(name)) throw invalid(`the delivery attribute '${name}' begins like Event Grid's own.`);
    if (Buffer.byteLength(textAt(mapping, "properties", "value") ?? "") > MOST_HEADER_BYTES)
      throw invalid(`the delivery attribute '${name}' is longer than ${MOST_HEADER_BYTES} bytes.`);
    if (withEntra !== undefined && name.toLowerCase() === "authorization")
      throw invalid("the delivery attribute 'Authorization' cannot be set when Entra tokens are.");
  }
}

/** The writer has to own the receiver's application, or to have the role that Event Grid has there. */
function checkEntra({ core, body, caller }: WriteAsk): void {
  const destination = objectAt(body, "properties", "destination", "properties");
  const audience = textAt(destination, "azureActiveDirectoryApplicationIdOrUri");
  const tenant = textAt(destination, "azureActiveDirectoryTenantId");
  if ((audience === undefined) !== (tenant === undefined))
    throw invalid("the tenant and the application of Entra go together.");
  if (audience === undefined) return;
  const application = core.directory.applicationByAudience(audience);
  if (application === undefined || tenant?.toLowerCase() !== core.tokens.tenantId)
    throw invalid(`there is no application '${audience}' in the tenant '${tenant}'.`);
  const has = (principal: string) =>
    core.directory
      .principal(principal)
      ?.appRoles.some((one) => one.appId === application.appId && one.role === ROLE);
  if (!application.owners.includes(caller.oid) && !has(caller.oid))
    throw invalid(`the writer neither owns the application '${audience}' nor has its role ${ROLE}.`);
}

function checkDeadLetter({ core, id, body }: WriteAsk): void {
  const properties = objectAt(body, "properties");
  const withIdentity = objectAt(properties, "deadLetterWithResourceIdentity");
  const destination = objectAt(
    withIdentity.deadLetterDestination ?? properties.deadLetterDestination,
    "properties",
  );
  const account = textAt(destination, "resourceId");
  if (account === undefined) return;
  if (core.resources.get(account)?.type !== STORAGE_ACCOUNTS)
    throw invalid(`the dead letter destination '${account}' does not exist.`);
  if (withIdentity.identity === undefined) return;
  const topic = core.resources.get(id.scope);
  const type = textAt(withIdentity, "identity", "type") ?? "";
  const given = Object.keys(objectAt(topic?.body, "identity", "userAssignedIdentities")).map((one) =>
    one.toLowerCase(),
  );
  const user = textAt(withIdentity, "identity", "userAssignedIdentity")?.toLowerCase();
  const known =
    user === undefined
      ? /SystemAssigned/i.test(textAt(topic?.body, "identity", "type") ?? "") && /SystemAssigned/i.test(type)
      : given.includes(user);
  if (!known) throw invalid("the topic does not have the identity that dead letters are to be written with.");
}
