import type { Definition as TableDefinition } from "../engine/table/definition";
import type { GitLabClient } from "./gitlab-client";

/** A resource type of GitLab. */
export type Definition = TableDefinition<GitLabClient>;
