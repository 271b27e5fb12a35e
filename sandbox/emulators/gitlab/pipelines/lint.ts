import { stringify } from "yaml";
import { resolveCiFile } from "./config/resolve";
import type { CiProject, PipelineHost } from "./contract";
import { PipelineRefused } from "./pipeline-refused";

export interface LintRequest {
  readonly project: CiProject;
  /** The commit whose files can be included. */
  readonly sha: string;
  /** A CI file that takes the place of the commit's. */
  readonly content?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** The answer of GitLab's `/ci/lint`. */
export interface LintResult {
  readonly valid: boolean;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** The configuration with everything included. */
  readonly mergedYaml?: string;
}

/** Checks a CI file against GitLab's schema, which gitlab-ci-local brings, and resolves its includes and inputs. */
export async function lintCiFile(
  { project, sha, content, inputs = {} }: LintRequest,
  host: Pick<PipelineHost, "ca" | "projects">,
  scratch: string,
): Promise<LintResult> {
  try {
    const { config } = await resolveCiFile({
      scratch,
      repository: project.repository,
      url: project.url,
      ca: host.ca,
      sha,
      ciFile: project.ciConfigPath,
      ...(content !== undefined && { content }),
      projects: host.projects(),
      inputs,
      variables: {},
    });
    return { valid: true, errors: [], warnings: [], mergedYaml: stringify(config) };
  } catch (error) {
    if (!(error instanceof PipelineRefused)) throw error;
    return { valid: false, errors: [error.message], warnings: [] };
  }
}
