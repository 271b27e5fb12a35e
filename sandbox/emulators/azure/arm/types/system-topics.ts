import type { EventGridManagementClient, SystemTopic } from "@azure/arm-eventgrid";
import { TOPICS } from "../../eventgrid/subscription";
import { objectAt, textAt } from "../../json";
import { badRequest } from "../arm-refusal";
import { OfficialModel } from "../official-model";
import { sameId } from "../resource-id";
import type { ResourceType, WriteAsk } from "../resource-type";

export const EVENT_GRID_VERSIONS = [
  "2021-12-01",
  "2022-06-15",
  "2023-12-15-preview",
  "2024-06-01-preview",
  "2024-12-15-preview",
  "2025-02-15",
  "2025-04-01-preview",
];

/** Kinds of sources that system topics have here, and whose events there are. */
const SOURCES = [{ topicType: "Microsoft.KeyVault.vaults", type: "Microsoft.KeyVault/vaults" }];
const NAME = /^[a-zA-Z0-9-]{3,50}$/;

export const systemTopics: ResourceType = {
  name: TOPICS,
  apiVersions: EVENT_GRID_VERSIONS,
  tracked: true,
  slow: "Azure-AsyncOperation",
  slowDeletion: true,
  model: new OfficialModel<EventGridManagementClient, SystemTopic>({
    client: async ({ credential, options }) => {
      const { EventGridManagementClient: Client } = await import("@azure/arm-eventgrid");
      return new Client(credential, "none", options);
    },
    read: (client) => client.systemTopics.get("group", "topic"),
    write: (client, model) => client.systemTopics.beginCreateOrUpdate("group", "topic", model),
  }),
  prepare: (ask) => {
    checkTopic(ask);
    return { body: ask.body, hidden: {} };
  },
  show: (_core, { id, body }) => ({
    ...body,
    properties: {
      ...objectAt(body, "properties"),
      provisioningState: "Succeeded",
      metricResourceId: Buffer.from(id).toString("hex").slice(-32),
    },
  }),
};

function checkTopic({ core, id, body, existing }: WriteAsk): void {
  const invalid = (problem: string) =>
    badRequest(`Invalid system topic request: ${problem}`, "InvalidRequest");
  const source = textAt(body, "properties", "source") ?? "";
  const topicType = textAt(body, "properties", "topicType") ?? "";
  if (!NAME.test(id.name))
    throw invalid(`'${id.name}' is not a name of 3 to 50 letters, digits and hyphens.`);
  const kind = SOURCES.find((one) => one.topicType.toLowerCase() === topicType.toLowerCase());
  if (kind === undefined)
    throw badRequest(`Unrecognized topic type ${topicType} in system topic properties.`, "InvalidRequest");
  if (existing && !sameId(textAt(existing.body, "properties", "source") ?? "", source))
    throw badRequest("System topic source cannot be modified.", "InvalidRequest");
  const other = core.resources
    .ofType(TOPICS)
    .find(
      (one) => !sameId(one.id, id.text) && sameId(textAt(one.body, "properties", "source") ?? "", source),
    );
  if (other)
    throw badRequest(
      `There is an existing tracked system topic for the given source ${source}. Only one system topic is allowed per source.`,
      "InvalidRequest",
    );
  const resource = core.resources.get(source);
  if (resource?.type !== kind.type) throw invalid(`the source ${source} does not exist.`);
  if (textAt(resource.body, "location") !== textAt(body, "location"))
    throw invalid(`the topic's location has to be that of its source, ${textAt(resource.body, "location")}.`);
}
