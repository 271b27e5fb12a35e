import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Row } from "../../../cli/verify/probe";
import { until } from "../../../sandbox/processes/until";
import { DeployClone } from "../../../sandbox/proof/deploy-clone";
import { keyServers } from "../../../sandbox/proof/prove";
import { KubeApi } from "../../../sandbox/servers/kube-api";
import type { Layout } from "../../../sandbox/servers/layout";
import { devConfig, withAzure, withGitLab } from "./dev-config";
import { fluxToken } from "./flux-token";
import { Loop } from "./loop";
import type { Stack } from "./stack";

const peer = (port: number) => ({ cidr: "127.0.0.1/32", port });

export interface Verified {
  readonly code: number;
  readonly rows: readonly Row[];
  readonly stderr: string;
  /** Ids of the rows with that result. */
  readonly with: (result: Row["result"]) => string[];
}

export const KUSTOMIZATION = "kustomizations.kustomize.toolkit.fluxcd.io";

type Env = Readonly<Record<string, string>>;

/** A loop that holds, and hands to break it with. */
export class VerifiedLoop {
  private constructor(
    readonly loop: Loop,
    readonly stack: Stack,
    /** File with the stack's outputs. */
    readonly outputs: string,
  ) {}

  /**
   * @param vault what differs in the stack's config of Vault.
   * @param azure with keys in Azure too, and the GitLab half that the relay starts pipelines of.
   * @param gitlab with the GitLab half.
   */
  static async start(
    name: string,
    vault: (layout: Layout) => Readonly<Record<string, unknown>> = () => ({}),
    { azure = false, gitlab = false } = {},
  ): Promise<VerifiedLoop> {
    const loop = await Loop.start({ azure });
    try {
      const networkPolicies = {
        apiServer: peer(6443),
        vault: peer(8200),
        git: peer(443),
        stockPolicy: "present",
      };
      const config = {
        ...devConfig(loop.layout, { vault: vault(loop.layout), flux: azure ? {} : { networkPolicies } }),
        ...((gitlab || azure) && withGitLab(loop.layout)),
        ...(azure && withAzure(loop.layout)),
      };
      const stack = await loop.stack(name, config);
      await stack.up();
      // With both up, Flux would not need Vault, whose log is looked at.
      await loop.prove(stack, azure ? keyServers(loop.sandbox).azure : undefined);
      const outputs = join(loop.layout.root, "outputs.json");
      writeFileSync(outputs, JSON.stringify(await stack.outputs()));
      return new VerifiedLoop(loop, stack, outputs);
    } catch (error) {
      await loop.stop();
      throw error;
    }
  }

  /** How `sopsloop verify` is started here. */
  command(...words: string[]): string[] {
    return ["verify", "--outputs", this.outputs, "--json", ...words];
  }

  async verify(words: readonly string[] = [], env: Env = {}): Promise<Verified> {
    const { code, stdout, stderr } = await this.loop.as(env, "sopsloop", ...this.command(...words));
    if (stdout === "") throw new Error(`sopsloop verify ended with ${code}: ${stderr}`);
    const report = JSON.parse(stdout) as { schema: string; rows: readonly Row[] };
    expect(report.schema).toBe("sopsloop.verify/1");
    const { rows } = report;
    return {
      code,
      rows,
      stderr,
      with: (result) => rows.filter((row) => row.result === result).map(({ id }) => id),
    };
  }

  /** Resolves with what it printed. */
  async kubectl(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.loop.as({}, "kubectl", ...words);
    if (code !== 0) throw new Error(`kubectl ${words.join(" ")}: ${stderr}`);
    return stdout;
  }

  /** Merges a change into an object of Flux's namespace. */
  patch(kind: string, name: string, change: object, type = "merge"): Promise<string> {
    const words = ["--namespace=flux-system", `--type=${type}`, `--patch=${JSON.stringify(change)}`];
    return this.kubectl("patch", kind, name, ...words);
  }

  /** Changes the container of kustomize-controller; lists in it are merged by name. */
  async patchController(change: object): Promise<void> {
    const containers = [{ name: "manager", ...change }];
    const spec = { template: { spec: { containers } } };
    await this.patch("deployment", "kustomize-controller", { spec }, "strategic");
  }

  vault(method: string, path: string, body?: object): Promise<unknown> {
    return this.loop.vault.send(method, path, body);
  }

  /** Writes what is there with a change: most of Vault's paths forget what is left out. */
  async changed(path: string, change: object): Promise<void> {
    const now = (await this.vault("GET", path)) as { data: Record<string, unknown> };
    await this.vault("PUT", path, { ...now.data, ...change });
  }

  /** A token with these policies only. */
  async tokenWith(...policies: string[]): Promise<string> {
    const wish = { policies, no_default_policy: true, ttl: "10m" };
    const made = (await this.vault("POST", "auth/token/create", wish)) as { auth: { client_token: string } };
    return made.auth.client_token;
  }

  /** Changes the deploy repository and pushes. */
  async commit(message: string, change: (clone: DeployClone) => void): Promise<void> {
    const clone = await DeployClone.of(this.loop.layout.git.url, this.loop.env);
    try {
      change(clone);
      await clone.push(message);
    } finally {
      clone.close();
    }
  }

  /** Has Flux look at the repository now, and waits until the Kustomization says so. */
  async untilFlux(ready: boolean): Promise<void> {
    await this.reconcile("gitrepositories.source.toolkit.fluxcd.io/deploy");
    const words = [`--for=condition=Ready=${ready}`, "--timeout=60s", `${KUSTOMIZATION}/apps`];
    await this.kubectl("wait", ...words, "--namespace=flux-system");
  }

  private async reconcile(object: string): Promise<void> {
    const stamp = `reconcile.fluxcd.io/requestedAt=${new Date().toISOString()}`;
    await this.kubectl("annotate", "--overwrite", object, "--namespace=flux-system", stamp);
  }

  /** Files of the deploy repository. */
  async files(): Promise<string[]> {
    const { repository } = this.loop.layout.git;
    const { stdout } = await this.loop.as(
      {},
      "git",
      "-C",
      repository,
      "ls-tree",
      "-r",
      "--name-only",
      "main",
    );
    return stdout.trim().split("\n");
  }

  /** Secrets of the whole cluster, by `namespace/name`. */
  async secrets(): Promise<string[]> {
    const path = '{range .items[*]}{.metadata.namespace}/{.metadata.name}{"\\n"}{end}';
    return (await this.kubectl("get", "secrets", "--all-namespaces", `--output=jsonpath=${path}`)).split(
      "\n",
    );
  }

  /** The reviewer's JWT: Vault never gives it back, and forgets it when its config is written without. */
  async reviewerJwt(): Promise<string> {
    const words = ["vault-token-reviewer", "--namespace=flux-system", "--output=jsonpath={.data.token}"];
    return Buffer.from(await this.kubectl("get", "secret", ...words), "base64").toString("utf8");
  }

  /** What makes the command be Flux's own account in Azure, by this identity. */
  async asFlux(identity: string): Promise<Record<string, string>> {
    const { audit } = JSON.parse(readFileSync(this.outputs, "utf8")) as {
      audit: { azure: { identities: readonly { name: string; clientId: string }[] } };
    };
    const clientId = audit.azure.identities.find(({ name }) => name === identity)?.clientId ?? "";
    const kube = KubeApi.admin(this.loop.layout);
    const file = join(this.loop.layout.root, "flux-token");
    try {
      const token = await fluxToken(kube, "kustomize-controller", "api://AzureADTokenExchange");
      writeFileSync(file, token, { mode: 0o600 });
    } finally {
      kube.close();
    }
    return { AZURE_CLIENT_SECRET: "", AZURE_CLIENT_ID: clientId, AZURE_FEDERATED_TOKEN_FILE: file };
  }

  /** What was done in the cluster takes a moment to be seen. */
  async untilRow(id: string, result: Row["result"]): Promise<void> {
    await until(async () => ((await this.verify()).with(result).includes(id) ? true : undefined), {
      what: `the row ${id} to be ${result}`,
      timeoutMs: 60_000,
    });
  }

  async unseal(): Promise<void> {
    const key = readFileSync(this.loop.layout.vault.unsealKey, "utf8").trim();
    await this.vault("PUT", "sys/unseal", { key });
  }

  /** Controllers take a moment to start again; and a Kustomization that failed meanwhile is tried again only after its interval. */
  async untilItHolds(): Promise<void> {
    const failed = async () => {
      const rows = (await this.verify()).rows.filter(({ result }) => result === "failed");
      if (rows.some(({ id }) => id === "kustomizations")) await this.reconcile(`${KUSTOMIZATION}/apps`);
      return rows;
    };
    await until(async () => ((await failed()).length === 0 ? true : undefined), {
      what: "every row to be ok",
      timeoutMs: 60_000,
      hint: async () => JSON.stringify(await failed()),
    });
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }
}
