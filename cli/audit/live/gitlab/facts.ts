export interface Owner {
  readonly id: number;
  readonly username: string;
}

export interface AccessLevel {
  /** 0 nobody, 30 developers, 40 maintainers, 60 administrators; `null` where it is for one user, group or key. */
  readonly access_level: number | null;
  readonly access_level_description?: string | undefined;
  readonly user_id?: number | null | undefined;
  readonly group_id?: number | null | undefined;
  readonly deploy_key_id?: number | null | undefined;
}

export interface ProtectedBranch {
  /** May have stars. */
  readonly name: string;
  readonly allow_force_push: boolean;
  readonly push_access_levels: readonly AccessLevel[];
  readonly merge_access_levels: readonly AccessLevel[];
  /** Only of the Enterprise Edition; empty: maintainers. */
  readonly unprotect_access_levels?: readonly AccessLevel[] | undefined;
}

export interface Trigger {
  readonly id: number;
  readonly description: string;
  readonly owner: Owner | null;
}

export interface Schedule {
  readonly id: number;
  readonly description: string;
  readonly ref: string;
  readonly active: boolean;
  readonly owner: Owner | null;
}

/** A variable without its value. */
export interface Variable {
  readonly key: string;
  readonly protected: boolean;
  readonly masked: boolean;
  readonly environment_scope: string;
}

export interface Hook {
  readonly id: number;
  /** Secret where it is the receiver's: never shown. */
  readonly url: string;
  readonly enable_ssl_verification: boolean;
}

export interface DeployKey {
  readonly id: number;
  readonly title: string;
  readonly can_push: boolean;
}

export interface ProjectSettings {
  readonly visibility?: string | undefined;
  readonly forking_access_level?: string | undefined;
  readonly ci_config_path?: string | null | undefined;
  readonly public_jobs?: boolean | undefined;
  readonly ci_pipeline_variables_minimum_override_role?: string | undefined;
  readonly ci_id_token_sub_claim_components?: readonly string[] | undefined;
}

/** Another project. */
export interface OtherProject {
  readonly id: number;
  /** Full path. */
  readonly path: string;
}

/** A file of the repository against what is declared of it. */
export interface ComparedFile {
  readonly path: string;
  readonly branch: string;
  readonly declared: string;
  /** What GitLab has; undefined where it has no such file. */
  readonly text: string | undefined;
}

/** Whose jobs may reach the project by their token. */
export interface JobTokens {
  readonly inbound: boolean;
  /** The project itself left out. */
  readonly projects: readonly OtherProject[];
  /** Full paths. */
  readonly groups: readonly string[];
}

/** What GitLab tells of the deploy project. A part is undefined where it could not be looked at. */
export interface ProjectFacts {
  readonly settings: ProjectSettings;
  readonly branches: readonly ProtectedBranch[] | undefined;
  readonly triggers: readonly Trigger[] | undefined;
  readonly schedules: readonly Schedule[] | undefined;
  readonly variables: readonly Variable[] | undefined;
  readonly hooks: readonly Hook[] | undefined;
  readonly deployKeys: readonly DeployKey[] | undefined;
  readonly jobTokens: JobTokens | undefined;
  readonly files: readonly ComparedFile[] | undefined;
  /** Paths at which Flux takes hooks, secret: compared, and never shown. Undefined where the cluster does not tell. */
  readonly receiverPaths: readonly string[] | undefined;
}
