import type { PlainMap, PlainValue } from "../../engine/resource-type";
import { fromApi, type Properties, type Property, toApi } from "../../engine/table/property";
import { textOf } from "../../engine/values";
import { isList, isMap } from "../../engine/wire";
import type { Definition } from "../definition";
import { numbered } from "../resource-id";
import { computedText, projectRow } from "../rows";

const FORM = "<project>:<hook id>";

/** Events that call the hook only when the program says so. */
const EVENTS = [
  "confidentialIssuesEvents",
  "confidentialNoteEvents",
  "deploymentEvents",
  "emojiEvents",
  "featureFlagEvents",
  "issuesEvents",
  "jobEvents",
  "mergeRequestsEvents",
  "milestoneEvents",
  "noteEvents",
  "pipelineEvents",
  "releasesEvents",
  "resourceAccessTokenEvents",
  "resourceDeployTokenEvents",
  "tagPushEvents",
  "vulnerabilityEvents",
  "wikiPageEvents",
] as const;

const SILENT = Object.fromEntries(EVENTS.map((event) => [event, false]));
const silentEvent = { kind: "flag", default: false } as const satisfies Property;
const keyAndValue = {
  key: { kind: "text", required: true },
  value: { kind: "text", required: true },
} as const;

const properties: Properties = {
  ...Object.fromEntries(EVENTS.map((event) => [event, silentEvent])),
  branchFilterStrategy: { ...computedText, oneOf: ["wildcard", "regex", "all_branches"] },
  customHeaders: { kind: "records", fields: keyAndValue },
  customWebhookTemplate: computedText,
  description: computedText,
  enableSslVerification: { kind: "flag", default: true },
  name: { kind: "text", autoName: true },
  project: projectRow,
  pushEvents: { kind: "flag", default: true },
  pushEventsBranchFilter: computedText,
  signingToken: { kind: "text", secret: true },
  token: { kind: "text", computed: true, secret: true },
  url: { kind: "text", required: true, replace: true },
  urlVariables: { kind: "records", fields: keyAndValue },
  alertStatus: { kind: "text", outputOnly: true },
  disabledUntil: { kind: "text", outputOnly: true },
  hookId: { kind: "integer", outputOnly: true },
  projectId: { kind: "integer", outputOnly: true },
  repositoryUpdateEvents: { kind: "flag", outputOnly: true },
  signingTokenPresent: { kind: "flag", outputOnly: true },
};

const WRITTEN = Object.keys(properties).filter(
  (name) => name !== "project" && properties[name]?.outputOnly !== true,
);

/** A webhook. GitLab never tells its token, nor the values of headers and URL variables: the state's stand. */
export const projectHook: Definition = {
  token: "gitlab:index/projectHook:ProjectHook",
  noun: "project hook",
  properties,
  identity: [],

  check({ url }) {
    if (typeof url !== "string" || /^https?:\/\/\S+$/.test(url)) return [];
    return [{ path: "url", reason: "url must begin with https:// or http:// and have no spaces" }];
  },

  async create(gitlab, inputs) {
    const project = textOf(inputs.project);
    const hook = await gitlab.post(
      ["projects", project, "hooks"],
      `add a hook to ${project}`,
      bodyOf(inputs),
    );
    return { id: `${project}:${Number(hook.id)}` };
  },

  async read(gitlab, id, known) {
    const [project, number] = numbered(id, FORM);
    const hook = await gitlab.get(["projects", project, "hooks", number], `read hook ${id}`);
    if (hook === undefined) return undefined;
    const { token, signingToken, url } = known ?? {};
    return {
      ...fromApi(properties, hook),
      project,
      hookId: number,
      ...(token !== undefined && { token }),
      ...(signingToken !== undefined && { signingToken }),
      ...(url !== undefined && masked(url, known?.urlVariables) === hook.url && { url }),
      customHeaders: withValues(hook.custom_headers, known?.customHeaders),
      urlVariables: withValues(hook.url_variables, known?.urlVariables),
    };
  },

  async update(gitlab, id, { inputs, changed }) {
    const [project, number] = numbered(id, FORM);
    const dropped = ["customHeaders", "urlVariables"].filter(
      (name) => changed.has(name) && !(name in inputs),
    );
    const body = { ...bodyOf(inputs), ...toApi(Object.fromEntries(dropped.map((n) => [n, []])), dropped) };
    await gitlab.put(["projects", project, "hooks", number], `change hook ${id}`, body);
    return undefined;
  },

  delete(gitlab, id) {
    const [project, number] = numbered(id, FORM);
    return gitlab.delete(["projects", project, "hooks", number], `delete hook ${id}`);
  },
};

/** Every event is said: GitLab's own defaults differ from the provider's. */
function bodyOf(inputs: PlainMap): PlainMap {
  return toApi({ ...SILENT, pushEvents: true, enableSslVerification: true, ...inputs }, WRITTEN);
}

/** The live keys with the values that the state knows; a key that somebody else added has none. */
function withValues(live: PlainValue | undefined, known: PlainValue | undefined): PlainValue {
  const values = isList(known) ? known.filter(isMap) : [];
  return (isList(live) ? live.filter(isMap) : []).map(({ key = "" }) => ({
    key,
    value: values.find((one) => one.key === key)?.value ?? "",
  }));
}

/** A URL as GitLab shows it: each variable's value by its key in braces. */
function masked(url: PlainValue, variables: PlainValue | undefined): string {
  const pairs = isList(variables) ? variables.filter(isMap) : [];
  return pairs.reduce(
    (text, { key, value }) => text.replaceAll(String(value), `{${String(key)}}`),
    String(url),
  );
}
