import { seconds } from "../processes/progress";
import { type RunResult, tryRun } from "../processes/run";
import { SandboxError } from "../processes/sandbox-error";
import { until } from "../processes/until";
import { KubeApi } from "../servers/kube-api";
import type { Layout } from "../servers/layout";
import { VaultApi } from "../servers/vault-api";
import { DeployClone } from "./deploy-clone";
import { FluxState } from "./flux-state";

export interface RotationOptions {
  readonly layout: Layout;
  /** Environment with the tools on PATH and Vault's address and CA. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Path of the key, such as `transit/keys/sops`. */
  readonly keyPath: string;
  /** Policies of the program: its output `policyNames`. */
  readonly policies: { readonly status: string; readonly pipeline: string };
}

/** What was proved, for a person and for a test. */
export interface RotationProof {
  readonly lines: readonly string[];
  /** Key version before and after. */
  readonly from: number;
  readonly to: number;
  readonly commit: string;
}

/** The part of `sopsloop status --json` that is read here. */
interface Status {
  readonly summary: { readonly files: number; readonly fresh: number; readonly stale: number };
}

const DELIVERY_MS = 90_000;

/**
 * Turns the key and follows what has to come of it: the files are seen to be stale, are rewrapped by an identity that cannot
 * decrypt, pushed, and applied by Flux. Throws a SandboxError that says where it got stuck.
 */
export async function proveRotation(options: RotationOptions): Promise<RotationProof> {
  const { layout, keyPath, policies } = options;
  const vault = VaultApi.root(layout);
  const api = KubeApi.admin(layout);
  const clone = await DeployClone.of(layout.git.url, options.env);
  try {
    const as = async (policy: string): Promise<Sopsloop> =>
      new Sopsloop(clone.folder, { ...options.env, VAULT_TOKEN: await tokenFor(vault, policy) });
    const [watcher, pipeline] = [await as(policies.status), await as(policies.pipeline)];

    const from = await versionOf(vault, keyPath);
    await vault.send("POST", `${keyPath}/rotate`, {});
    const to = await versionOf(vault, keyPath);
    const stale = await watcher.status(1);
    if (stale.summary.stale === 0)
      throw new SandboxError("sopsloop status finds nothing stale after a rotation");

    await pipeline.succeed("rewrap", "--push");
    const commit = await clone.head();
    const pushed = Date.now();
    await untilApplied(new FluxState(api, layout.git.url), commit);
    const applied = Date.now() - pushed;
    const clean = await watcher.status(0);
    const retire = await watcher.succeed("retire", "--ref", "main");
    if (!retire.includes(`minDecryptionVersion ${to}`))
      throw new SandboxError(`sopsloop retire says: ${retire.trim()}`);
    return {
      from,
      to,
      commit,
      lines: [
        `the key went from version ${from} to ${to}; sopsloop status: ${stale.summary.stale} of ${stale.summary.files} files stale`,
        `sopsloop rewrap, as ${policies.pipeline}, which cannot decrypt: commit ${commit.slice(0, 10)}`,
        `Flux applied it ${seconds(applied)} after the push; sopsloop status: ${clean.summary.fresh} of ${clean.summary.files} fresh`,
        `sopsloop retire --ref main: nothing needs versions below ${to} any more`,
      ],
    };
  } finally {
    clone.close();
    api.close();
    vault.close();
  }
}

/** The command, as one identity, in one work tree. */
class Sopsloop {
  constructor(
    private readonly cwd: string,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {}

  /** @param expected exit code */
  async status(expected: 0 | 1): Promise<Status> {
    const result = await this.run("status", "--json");
    if (result.code !== expected) throw failure("status", result);
    return JSON.parse(result.stdout) as Status;
  }

  /** Resolves with what it printed. */
  async succeed(...words: string[]): Promise<string> {
    const result = await this.run(...words);
    if (result.code !== 0) throw failure(words.join(" "), result);
    return result.stdout;
  }

  private run(...words: string[]): Promise<RunResult> {
    return tryRun("sopsloop", words, { cwd: this.cwd, env: this.env });
  }
}

function failure(words: string, { code, stdout, stderr }: RunResult): SandboxError {
  return new SandboxError(`sopsloop ${words} ended with ${code}: ${(stderr || stdout).trim()}`);
}

async function tokenFor(vault: VaultApi, policy: string): Promise<string> {
  const wish = { policies: [policy], no_default_policy: true, ttl: "10m" };
  const made = await vault.send<{ auth: { client_token: string } }>("POST", "auth/token/create", wish);
  if (!made) throw new SandboxError(`Vault gave no token for ${policy}`);
  return made.auth.client_token;
}

async function versionOf(vault: VaultApi, keyPath: string): Promise<number> {
  const key = await vault.send<{ data: { latest_version: number } }>("GET", keyPath);
  if (!key) throw new SandboxError(`Vault has no ${keyPath}; run make up`);
  return key.data.latest_version;
}

async function untilApplied(flux: FluxState, commit: string): Promise<void> {
  const limits = { timeoutMs: DELIVERY_MS, hint: () => flux.explain() };
  await flux.fetchNow();
  await until(async () => ((await flux.hasFetched(commit)) ? true : undefined), {
    ...limits,
    what: "Flux to fetch the rewrapped files",
  });
  await flux.applyNow();
  await until(async () => ((await flux.hasApplied(commit)) ? true : undefined), {
    ...limits,
    what: "Flux to apply the rewrapped files",
  });
}
