import type { PlainMap } from "../engine/resource-type";
import type { GitLabClient } from "./gitlab-client";
import { fromProject } from "./project-settings";

/** Token of the data source that reads one project. */
export const GET_PROJECT = "gitlab:index/getProject:getProject";

/** Reads a project by its number or path. Throws when there is none, or none that the token's user may see. */
export async function readProject(
  gitlab: GitLabClient,
  { id, pathWithNamespace }: PlainMap,
): Promise<PlainMap> {
  const wanted = typeof id === "string" ? id : pathWithNamespace;
  if (typeof wanted !== "string" || wanted === "") {
    throw new Error("getProject needs the id of a project, or its pathWithNamespace");
  }
  const found = await gitlab.get(["projects", wanted], `read project ${wanted}`);
  if (found === undefined) {
    throw new Error(`there is no project ${wanted}, or the token's user may not see it`);
  }
  // Of no use to a program, and nothing marks it as a secret here.
  const { runnersToken: _secret, ...told } = fromProject(found);
  return { ...told, id: String(found.id), nameWithNamespace: found.name_with_namespace ?? "" };
}
