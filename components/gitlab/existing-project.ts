import { getProject } from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

/** A project that somebody made in GitLab. */
export interface ExistingProject {
  /** Its number as text: it stays when the project is renamed or moved. */
  readonly id: string;
  /** Full path in GitLab's own spelling: a look-up takes any case. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly ciConfigPath: string;
}

/** Looks a project up by its path. Rejects with one line when there is none, or it may not be seen. */
export async function existingProject(
  path: string,
  configKey: string,
  provider: pulumi.ProviderResource,
): Promise<ExistingProject> {
  try {
    const { id, pathWithNamespace, name, description, ciConfigPath } = await getProject(
      { pathWithNamespace: path },
      { provider },
    );
    return { id, path: pathWithNamespace, name, description, ciConfigPath };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new pulumi.RunError(
      `${configKey}: GitLab has no project ${path} for this token: ${reason.replace(/\s+/g, " ").trim()}; correct the path, or set GITLAB_TOKEN to a token of a Maintainer of it`,
    );
  }
}
