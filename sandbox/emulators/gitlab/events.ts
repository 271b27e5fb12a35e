import type { Caller } from "./access/access";
import type { Core } from "./core";
import type { Json, MergeRequest, Project, User } from "./model";
import { PipelineRefused } from "./pipelines/pipeline-refused";
import { NO_COMMIT, Repository } from "./repository/repository";

/** One ref that a push has moved. */
export interface RefUpdate {
  /** In full. */
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

/** The refs in which two states of a repository differ. */
export function updatesBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): RefUpdate[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .map((ref) => ({ ref, before: before.get(ref) ?? NO_COMMIT, after: after.get(ref) ?? NO_COMMIT }))
    .filter((update) => update.before !== update.after);
}

/** What GitLab does after a push: pipelines, merge requests, hooks. A push by job token starts no pipeline. */
export async function afterPush(
  core: Core,
  project: Project,
  caller: Caller,
  updates: readonly RefUpdate[],
): Promise<void> {
  for (const update of updates) {
    await tellHooks(core, project, caller.user, update);
    if (update.after === NO_COMMIT) continue;
    const branch = branchOf(update.ref);
    if (branch !== undefined) refresh(core, project, branch, update.after);
    if (caller.job !== undefined || (await asksToSkip(project, update.after))) continue;
    await ignoringRefusals(pushPipeline(core, project, caller.user, update));
    for (const mergeRequest of openFrom(core, project, branch))
      await ignoringRefusals(mergeRequestPipeline(core, project, caller.user, mergeRequest));
  }
}

/** Whether the newest commit asks for no pipeline. Triggers and schedules take no notice of that. */
async function asksToSkip(project: Project, sha: string): Promise<boolean> {
  const [newest] = await new Repository(project.repository).log(sha, 1);
  return /\[(ci[ -]skip|skip[ -]ci)\]/i.test(newest?.message ?? "");
}

/** Starts the pipeline of a merge request, if its CI file asks for one. */
export async function mergeRequestPipeline(
  core: Core,
  project: Project,
  user: User,
  mergeRequest: MergeRequest,
) {
  const { id, iid, title, sourceBranch, targetBranch, labels, sha } = mergeRequest;
  return core.runner.create({
    project: core.directory.ciProject(project),
    ref: sourceBranch,
    sha,
    source: "merge_request_event",
    variables: [],
    inputs: {},
    user: core.directory.ciUser(user),
    mergeRequest: { id, iid, title, sourceBranch, targetBranch, labels },
  });
}

function pushPipeline(core: Core, project: Project, user: User, { ref, before, after }: RefUpdate) {
  const branch = branchOf(ref);
  const open = openFrom(core, project, branch).map(({ iid }) => `${core.directory.pathOf(project)}!${iid}`);
  return core.runner.create({
    project: core.directory.ciProject(project),
    ref: branch ?? ref.replace("refs/tags/", ""),
    tag: branch === undefined,
    sha: after,
    beforeSha: before,
    source: "push",
    variables: [],
    inputs: {},
    user: core.directory.ciUser(user),
    openMergeRequests: open,
  });
}

/** A push has no answer that could say why there is no pipeline: no CI file, or no job for it. */
async function ignoringRefusals(making: Promise<unknown>): Promise<void> {
  try {
    await making;
  } catch (error) {
    if (!(error instanceof PipelineRefused)) throw error;
  }
}

function openFrom(core: Core, { id }: Project, branch: string | undefined): MergeRequest[] {
  return core.store.tables.mergeRequests.filter(
    ({ projectId, sourceBranch, state }) => projectId === id && sourceBranch === branch && state === "opened",
  );
}

function refresh(core: Core, project: Project, branch: string, sha: string): void {
  for (const mergeRequest of openFrom(core, project, branch)) {
    mergeRequest.sha = sha;
    mergeRequest.updatedAt = new Date().toISOString();
  }
  core.store.changed();
}

async function tellHooks(core: Core, project: Project, user: User, { ref, before, after }: RefUpdate) {
  const branch = branchOf(ref);
  const repository = new Repository(project.repository);
  const newest = after === NO_COMMIT ? [] : await repository.log(after, 20);
  const known = newest.findIndex(({ id }) => id === before);
  const commits = (known < 0 ? newest.slice(0, 1) : newest.slice(0, known)).reverse();
  const path = core.directory.pathOf(project);
  const web = `${core.address}/${path}`;
  const body: Json = {
    object_kind: branch === undefined ? "tag_push" : "push",
    event_name: branch === undefined ? "tag_push" : "push",
    before,
    after,
    ref,
    ref_protected: branch !== undefined && core.access.protections(project, branch).length > 0,
    checkout_sha: after === NO_COMMIT ? null : after,
    user_id: user.id,
    user_name: user.name,
    user_username: user.username,
    project_id: project.id,
    project: {
      id: project.id,
      name: project.name,
      web_url: web,
      git_http_url: core.directory.urlOf(project),
      path_with_namespace: path,
      default_branch: String(project.settings.default_branch),
    },
    commits: commits.map(({ id, message, committedDate, authorName, authorEmail }) => ({
      id,
      message,
      title: message.split("\n")[0] ?? "",
      timestamp: committedDate,
      url: `${web}/-/commit/${id}`,
      author: { name: authorName, email: authorEmail },
    })),
    total_commits_count: commits.length,
  };
  core.hooks.tell(project.id, {
    flag: branch === undefined ? "tag_push_events" : "push_events",
    header: branch === undefined ? "Tag Push Hook" : "Push Hook",
    ...(branch !== undefined && { branch }),
    body,
  });
}

function branchOf(ref: string): string | undefined {
  return ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : undefined;
}
