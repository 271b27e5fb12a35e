import type { InputFailure, PlainMap } from "../../engine/resource-type";
import { fromApi, type Properties, toApi } from "../../engine/table/property";
import { textOf } from "../../engine/values";
import type { Definition } from "../definition";
import type { Path, Query } from "../gitlab-client";
import { GitLabError } from "../gitlab-error";
import { threeParts } from "../resource-id";
import { computedFlag, computedText, projectRow } from "../rows";

const FORM = "<project>:<key>:<environment scope>";
const MASKABLE = "a masked value is one line of 8 characters or more, without spaces";

const properties: Properties = {
  description: computedText,
  environmentScope: { kind: "text", default: "*", replace: true },
  hidden: { ...computedFlag, replace: true },
  key: { kind: "text", required: true, replace: true },
  masked: computedFlag,
  project: projectRow,
  protected: computedFlag,
  raw: computedFlag,
  value: { kind: "text", required: true },
  variableType: { ...computedText, oneOf: ["env_var", "file"] },
};

const WRITTEN = ["description", "masked", "protected", "raw", "value", "variableType"] as const;

/** A CI/CD variable. GitLab never tells the value of a hidden one, so the state's stands. */
export const projectVariable: Definition = {
  token: "gitlab:index/projectVariable:ProjectVariable",
  noun: "project variable",
  properties,
  identity: ["project", "key", "environmentScope"],

  check({ key, hidden, masked }) {
    const failures: InputFailure[] = [];
    if (typeof key === "string" && !/^\w{1,255}$/.test(key)) {
      failures.push({ path: "key", reason: "key has letters, digits and _ only, 255 at most" });
    }
    if (hidden === true && (masked ?? false) === false) {
      failures.push({ path: "hidden", reason: "a hidden variable is masked as well: set masked to true" });
    }
    return failures;
  },

  async create(gitlab, inputs) {
    const project = textOf(inputs.project);
    const key = textOf(inputs.key);
    const scope = textOf(inputs.environmentScope ?? "*");
    const body = { key, environment_scope: scope, ...toApi(inputs, WRITTEN), ...hiding(inputs) };
    const path = ["projects", project, "variables"];
    await maskable(inputs, () => gitlab.post(path, `set variable ${key} of ${project}`, body));
    return { id: `${project}:${key}:${scope}` };
  },

  async read(gitlab, id, known) {
    const [project, key, environmentScope] = threeParts(id, FORM);
    const variable = await gitlab.get(pathOf(id), `read variable ${id}`, scopeOf(id));
    if (variable === undefined) return undefined;
    const hidden = variable.hidden === true;
    return {
      ...fromApi(properties, variable),
      project,
      key,
      environmentScope,
      hidden,
      ...(hidden && { value: known?.value ?? "" }),
    };
  },

  async update(gitlab, id, { inputs }) {
    const body = toApi(inputs, WRITTEN);
    await maskable(inputs, () => gitlab.put(pathOf(id), `change variable ${id}`, body, scopeOf(id)));
    return undefined;
  },

  delete: (gitlab, id) => gitlab.delete(pathOf(id), `delete variable ${id}`, scopeOf(id)),
};

function pathOf(id: string): Path {
  const [project, key] = threeParts(id, FORM);
  return ["projects", project, "variables", key];
}

/** The same key may be there once for each scope. */
function scopeOf(id: string): Query {
  return { "filter[environment_scope]": threeParts(id, FORM)[2] };
}

/** Hidden and masked at once is a setting of its own, and only of a new variable. */
function hiding({ hidden }: PlainMap): PlainMap {
  return hidden === true ? { masked: false, masked_and_hidden: true } : {};
}

/** GitLab says of a value that cannot be masked only that it is invalid. */
async function maskable(inputs: PlainMap, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const unfit = error instanceof GitLabError && error.status === 400 && inputs.masked === true;
    throw unfit ? error.hinting(MASKABLE) : error;
  }
}
