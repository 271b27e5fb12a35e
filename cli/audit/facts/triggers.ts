import { isObject } from "../../preview-comment/secrets/pulumi-values";
import type { Trigger } from "../report-schema";
import type { AuditOutput } from "../source/audit-output";
import type { StackReading } from "../source/stack-reading";
import { textAt, textsAt } from "./facts";
import type { ProjectPaths } from "./identities";

const SCHEDULE = "gitlab:index/pipelineSchedule:PipelineSchedule";
const TOKEN = "gitlab:index/pipelineTrigger:PipelineTrigger";
const SUBSCRIPTIONS = [
  "azure-native:eventgrid:SystemTopicEventSubscription",
  "azure-native:eventgrid:EventSubscription",
];

/** What may start the pipelines of the deploy repository. Tokens are told by their names, never by what they are. */
export function triggersOf(
  { resources }: StackReading,
  { pipelines }: AuditOutput,
  paths: ProjectPaths,
): readonly Trigger[] {
  const pipelineOf = (project: string | undefined) =>
    `a pipeline of ${paths.get(project ?? "") ?? project ?? "the deploy repository"}`;
  const found = resources.flatMap(({ type, name, values }): Trigger[] => {
    const starts = pipelineOf(textAt(values, "project"));
    if (type === SCHEDULE) {
      const clock = `${textAt(values, "cron") ?? "at times that are not known"} ${textAt(values, "cronTimezone") ?? "UTC"}`;
      const when = values.active === false ? `never: it is switched off (${clock})` : clock;
      return [{ name: textAt(values, "description") ?? name, kind: "schedule", starts, when }];
    }
    if (type === TOKEN)
      return [
        {
          name: textAt(values, "description") ?? name,
          kind: "token",
          starts,
          when: "whenever its holder likes",
        },
      ];
    if (!SUBSCRIPTIONS.includes(type)) return [];
    const filter = isObject(values.filter) ? values.filter : {};
    const events = textsAt(filter, "includedEventTypes").join(", ") || "every event";
    const subscription = textAt(values, "eventSubscriptionName") ?? textAt(values, "name") ?? name;
    return [{ name: subscription, kind: "event", starts: "the relay, and by it a pipeline", when: events }];
  });
  const isTold = (kind: Trigger["kind"]) => found.some((trigger) => trigger.kind === kind);
  const { starts, roles = [] } = pipelines ?? {};
  const [project] = roles.map(({ projectId }) => projectId);
  const told: Trigger[] = [];
  if (starts && !isTold("schedule")) {
    const { cron, timezone } = starts.sweep;
    told.push({ name: "sweep", kind: "schedule", starts: pipelineOf(project), when: `${cron} ${timezone}` });
  }
  if (starts && !isTold("token"))
    for (const name of starts.tokens)
      told.push({ name, kind: "token", starts: pipelineOf(project), when: "whenever its holder likes" });
  const jobs = roles.map(({ name, sources, projectId }): Trigger => {
    const when = `in pipelines started by ${sources.join(" or ")}`;
    return {
      name,
      kind: "source",
      starts: `jobs of ${paths.get(projectId) ?? projectId} that log in as ${name}`,
      when,
    };
  });
  return [...told, ...found, ...jobs];
}
