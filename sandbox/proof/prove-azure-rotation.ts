import { join } from "node:path";
import { seconds } from "../processes/progress";
import { SandboxError } from "../processes/sandbox-error";
import { until } from "../processes/until";
import { AzureApi } from "../servers/azure-api";
import { AzureServer } from "../servers/azure-server";
import { GitLabApi } from "../servers/gitlab-api";
import { PROJECTS } from "../servers/gitlab-server";
import { KubeApi } from "../servers/kube-api";
import type { Layout } from "../servers/layout";
import { DeployClone } from "./deploy-clone";
import { FluxState } from "./flux-state";
import { Pipelines } from "./pipelines";
import { RelayLog } from "./relay-log";
import { Sopsloop } from "./sopsloop";
import { Timeline } from "./timeline";

export interface AzureRotationOptions {
  readonly layout: Layout;
  /** Environment of a person inside the sandbox, who may rotate, see and disable the key's versions. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The key without a version, such as `https://kv-sops-dev.vault.azure.net/keys/sops`. */
  readonly keyUrl: string;
  /** Told each moment of the timeline as it is seen. */
  readonly tell?: (line: string) => void;
}

/** What was proved, for a person and for a test. */
export interface AzureRotationProof {
  readonly lines: readonly string[];
  readonly timeline: Timeline;
  /** Milliseconds from the new version of the key to the files that Flux has applied. */
  readonly appliedMs: number;
  /** Ids of the key's versions. */
  readonly from: string;
  readonly to: string;
  readonly commit: string;
  readonly pipeline: number;
}

const STEP_MS = 90_000;

/**
 * Rotates the key in Key Vault, as its policy would, and follows what comes of it by itself: Event Grid, the relay, GitLab's pipeline, the
 * commit, Flux. Then the old version is disabled. Throws a SandboxError that says where it got stuck.
 */
export async function proveAzureRotation(options: AzureRotationOptions): Promise<AzureRotationProof> {
  const { layout, env, keyUrl } = options;
  const azure = AzureApi.deployer(layout);
  const gitlab = GitLabApi.bot(layout);
  const api = KubeApi.admin(layout);
  const clone = await DeployClone.of(layout.git.url, env);
  try {
    const relay = RelayLog.fromNow(join(layout.logs, "sopsloop-relay.log"));
    const { origin, pathname } = new URL(keyUrl);
    const name = pathname.split("/").at(-1) ?? "";
    const keys = azure.keys(origin);
    const from = await versionOf(keys.getKey(name));
    const before = await clone.head();

    const to = await versionOf(keys.rotateKey(name));
    const timeline = new Timeline(Date.now(), options.tell);
    timeline.add(`Key Vault: version ${short(to)} of ${name} is current, ${short(from)} was`, timeline.begun);

    const { pipeline } = await delivered(relay, to, timeline);
    await new AzureServer(layout).admin.drain();
    const pipelines = new Pipelines(gitlab, PROJECTS.deploy);
    await pipelines.success(pipeline);
    const commit = await clone.pull();
    if (commit === before)
      throw new SandboxError(`pipeline ${pipeline} succeeded and pushed nothing, although files were stale`);
    const pushed = { at: await clone.committedAt(), what: `deploy repository: commit ${short(commit)}` };
    const jobs = await jobsOf(gitlab, pipeline);
    for (const { at, what } of [...jobs, pushed].sort((one, other) => one.at - other.at))
      timeline.add(what, at);
    const flux = new FluxState(api, layout.git.url);
    await until(async () => ((await flux.hasApplied(commit)) ? true : undefined), {
      what: "Flux to apply the rewrapped files, told by GitLab's hook",
      timeoutMs: STEP_MS,
      hint: () => flux.explain(),
    });
    timeline.add("Flux: applied, told by GitLab's hook");
    const appliedMs = timeline.length;

    const person = new Sopsloop(clone.folder, env);
    const { summary } = await person.status(0);
    timeline.add(`sopsloop status: ${summary.fresh} of ${summary.files} files fresh`);
    await person.succeed("retire", "--ref", "main", "--disable");
    const old = await keys.getKey(name, { version: from });
    if (old.properties.enabled !== false)
      throw new SandboxError(`sopsloop retire --disable left version ${from} of ${name} enabled`);
    timeline.add(`sopsloop retire --disable: version ${short(from)} is disabled`);
    return {
      ...{ from, to, commit, pipeline, timeline, appliedMs },
      lines: [
        `the key in Key Vault rotated; Flux applied the rewrapped files ${seconds(appliedMs)} after that, and nobody did anything:`,
        ...timeline.lines.map((line) => `  ${line}`),
      ],
    };
  } finally {
    clone.close();
    api.close();
    azure.close();
    await gitlab.close();
  }
}

async function versionOf(
  key: Promise<{ readonly properties: { readonly version?: string } }>,
): Promise<string> {
  const { version } = (await key).properties;
  if (version === undefined) throw new SandboxError("Key Vault names no version of the key");
  return version;
}

/** What the relay has made of the event. */
async function delivered(relay: RelayLog, version: string, timeline: Timeline) {
  const found = await until(async () => relay.started().find((one) => one.version === version), {
    what: "Event Grid to tell the relay, and the relay to start a pipeline",
    timeoutMs: STEP_MS,
    hint: async () => "see sopsloop-relay.log, and the deliveries of the emulator of Event Grid",
  });
  timeline.add(`relay: told by Event Grid, started pipeline ${found.pipeline}`, found.at);
  return found;
}

/** When each job of a pipeline began and ended. */
async function jobsOf(gitlab: GitLabApi, pipelineId: number) {
  const jobs = await gitlab.client.Jobs.all(PROJECTS.deploy, { pipelineId });
  return jobs.flatMap(({ name, started_at, finished_at }) => [
    ...(started_at ? [{ at: Date.parse(started_at), what: `GitLab: job ${name} began` }] : []),
    ...(finished_at ? [{ at: Date.parse(finished_at), what: `GitLab: job ${name} has succeeded` }] : []),
  ]);
}

function short(id: string): string {
  return id.slice(0, 10);
}
