import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { insideSandbox } from "../../../sandbox/person-environment";
import { installPlugins } from "../../../sandbox/plugins";
import { type RunResult, tryRun } from "../../../sandbox/processes/run";
import { gitlabGit } from "../../../sandbox/proof/gitlab-git";
import type { KeyServer } from "../../../sandbox/proof/key-server";
import { type Proof, proveLoop } from "../../../sandbox/proof/prove-loop";
import {
  proveRotation,
  type RotationOptions,
  type RotationProof,
} from "../../../sandbox/proof/prove-rotation";
import { Layout, unusedPorts } from "../../../sandbox/servers/layout";
import { Sandbox } from "../../../sandbox/servers/sandbox";
import { VaultApi } from "../../../sandbox/servers/vault-api";
import { ensureTools } from "../../../sandbox/tools-at-hand";
import { Stack } from "./stack";

export interface LoopOptions {
  /** Folder with official plugins; absent for the stand-ins. */
  readonly officialPlugins?: string | undefined;
  /** Whether there is Azure, too. @default no: most stacks have none */
  readonly azure?: boolean;
}

/** A sandbox of a test's own: servers on free ports, files in a temporary folder, gone after `stop`. */
export class Loop {
  private constructor(
    readonly layout: Layout,
    readonly sandbox: Sandbox,
    /** Vault with the root token, past every policy. */
    readonly vault: VaultApi,
  ) {}

  static async start({ officialPlugins, azure = false }: LoopOptions = {}): Promise<Loop> {
    const root = mkdtempSync(join(tmpdir(), "sopsloop-test-"));
    const layout = new Layout(root, await unusedPorts());
    const sandbox = new Sandbox(layout, await ensureTools(layout), { azure });
    try {
      await sandbox.start();
      for (const folder of [layout.pulumi.home, layout.pulumi.state]) mkdirSync(folder, { recursive: true });
      writeFileSync(layout.pulumi.passphrase, "test", { mode: 0o600 });
      await installPlugins({ home: layout.pulumi.home, official: officialPlugins });
      return new Loop(layout, sandbox, VaultApi.root(layout));
    } catch (error) {
      await sandbox.stop();
      rmSync(root, { recursive: true, force: true });
      throw error;
    }
  }

  /** Environment of a program that works inside this sandbox. */
  get env(): Record<string, string | undefined> {
    return insideSandbox(this.layout);
  }

  /** The same for a git that pushes to GitLab as its bot. */
  gitEnv(): Readonly<Record<string, string | undefined>> {
    const author = { GIT_AUTHOR_NAME: "test", GIT_AUTHOR_EMAIL: "test@sopsloop.invalid" };
    const committer = { GIT_COMMITTER_NAME: "test", GIT_COMMITTER_EMAIL: "test@sopsloop.invalid" };
    return { ...gitlabGit(this.layout, this.env), ...author, ...committer };
  }

  /** Runs a tool with other environment variables; never rejects because of its exit code. */
  as(env: Readonly<Record<string, string>>, file: string, ...args: string[]): Promise<RunResult> {
    return tryRun(file, args, { env: { ...this.env, ...env } });
  }

  /** A stack of the program with this config. */
  stack(name: string, config: Readonly<Record<string, unknown>>): Promise<Stack> {
    return Stack.init(name, config, this.layout, this.env);
  }

  /** One secret, once around the loop; the stack must be up. `down` is stopped meanwhile. */
  async prove(stack: Stack, down?: KeyServer): Promise<Proof> {
    await this.sandbox.cluster.ready();
    const outputs = await stack.outputs();
    return proveLoop({
      layout: this.layout,
      env: this.env,
      sopsConfig: String(outputs.sopsConfig),
      loginPath: String(outputs.loginPath),
      role: "flux-system_kustomize-controller",
      decryptPath: "transit/decrypt/sops",
      down,
    });
  }

  /** A rotation of the key, once around the loop; something must have been proved before. */
  async proveRotation(stack: Stack): Promise<RotationProof> {
    const { policyNames } = await stack.outputs();
    return proveRotation({
      layout: this.layout,
      env: this.env,
      keyPath: "transit/keys/sops",
      policies: policyNames as RotationOptions["policies"],
    });
  }

  async stop(): Promise<void> {
    this.vault.close();
    await this.sandbox.stop();
    rmSync(this.layout.root, { recursive: true, force: true });
  }
}
