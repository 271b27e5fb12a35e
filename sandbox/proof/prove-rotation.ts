import { seconds } from "../processes/progress";
import { SandboxError } from "../processes/sandbox-error";
import { KubeApi } from "../servers/kube-api";
import type { Layout } from "../servers/layout";
import { VaultApi } from "../servers/vault-api";
import { DeployClone } from "./deploy-clone";
import { FluxState } from "./flux-state";
import { rewrapByHand } from "./rewrap-by-hand";
import { rewrapBySweep, type Sweep } from "./rewrap-by-sweep";
import { Sopsloop } from "./sopsloop";

export interface RotationOptions {
  readonly layout: Layout;
  /** Environment with the tools on PATH and Vault's address and CA. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Path of the key, such as `transit/keys/sops`. */
  readonly keyPath: string;
  /** Policies of the program: its output `policyNames`. */
  readonly policies: { readonly status: string; readonly pipeline: string };
  /** The schedule in GitLab that rewraps; absent: the command does, as a person would call it. */
  readonly sweep?: Sweep | undefined;
}

/** What was proved, for a person and for a test. */
export interface RotationProof {
  readonly lines: readonly string[];
  /** Key version before and after. */
  readonly from: number;
  readonly to: number;
  readonly commit: string;
}

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
    const watcher = await as(policies.status);

    const from = await versionOf(vault, keyPath);
    await vault.send("POST", `${keyPath}/rotate`, {});
    const rotated = Date.now();
    const to = await versionOf(vault, keyPath);
    const stale = await watcher.status(1);
    if (stale.summary.stale === 0)
      throw new SandboxError("sopsloop status finds nothing stale after a rotation");

    const flux = new FluxState(api, layout.git.url);
    const { commit, line } = options.sweep
      ? await rewrapBySweep(layout, options.sweep, flux, clone)
      : await rewrapByHand(await as(policies.pipeline), policies.pipeline, flux, clone);
    const applied = Date.now() - rotated;
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
        line,
        `Flux applied it ${seconds(applied)} after the rotation; sopsloop status: ${clean.summary.fresh} of ${clean.summary.files} fresh`,
        `sopsloop retire --ref main: nothing needs versions below ${to} any more`,
      ],
    };
  } finally {
    clone.close();
    api.close();
    vault.close();
  }
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
