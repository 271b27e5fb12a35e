import type { Io } from "../../io";
import { Kubectl } from "../../kubernetes/kubectl";
import { compare } from "../../preview-comment/preview/compare";
import { controllerOf } from "../../verify/controller";
import { Logins } from "../../verify/logins";
import type { Context, Controller } from "../../verify/probe";
import { cluster } from "../../verify/probes/cluster";
import { token } from "../../verify/probes/token";
import { vault as vaultAnswers } from "../../verify/probes/vault";
import { settingsFor } from "../../verify/stack-vault";
import { VaultAccess } from "../../verify/vault-access";
import type { Finding, Severity } from "../finding";
import type { StateResource } from "../source/state-resource";
import { readAzure } from "./azure/azure-reading";
import { type DeclaredLoop, declaredLoop } from "./declared-loop";
import { readProject } from "./gitlab/project-reading";
import { readCluster } from "./kubernetes/cluster-reading";
import type { LiveReading } from "./live-reading";
import { Parts } from "./parts";
import { readVault } from "./vault/vault-reading";

export interface LiveOptions {
  /** Outputs of the program's stack, as `pulumi stack output --json` gives them. */
  readonly outputs: unknown;
  /** Of the stack's state; absent where only the outputs are known. */
  readonly resources?: readonly StateResource[];
  /** Where tokens and addresses come from: `VAULT_TOKEN`, `KUBECONFIG`, `GITLAB_TOKEN`, `AZURE_…`. */
  readonly env: Io["env"];
  /** Takes lines that a person should see, such as that a certificate is not looked at. */
  readonly warn?: (line: string) => void;
}

const ORDER: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3 };

/**
 * Looks at the live systems of a stack with the caller's own credentials, and changes nothing: what is not as declared, who else comes to
 * the key, and who may do what. What may not be looked at is told as skipped, and never as fine.
 *
 * @throws CliError (2) where the outputs are another program's, there is no Vault token, or it is one for another Vault
 */
export async function readLive({ outputs, resources = [], env, warn }: LiveOptions): Promise<LiveReading> {
  const declared = declaredLoop(outputs);
  const parts = new Parts();
  const settings = settingsFor(declared, { env });
  for (const line of settings.warnings) warn?.(line);
  const vault = new VaultAccess(declared.vaultAddress, settings);
  const context = contextOf(declared, vault, new Kubectl(env));
  try {
    // A server that does not answer at all is told once, and not for each of its parts.
    const inVault = await parts.read("vault", async () => {
      await vaultAnswers.run(context);
      await token.run(context);
      return readVault(vault, declared, parts);
    });
    const inCluster = await parts.read("kubernetes", async () => {
      await cluster.run(context);
      return readCluster(context, declared, parts);
    });
    const inGitLab = await parts.read("gitlab", () =>
      readProject(declared, resources, context.kubectl, env, parts),
    );
    const inAzure = await parts.read("azure", () => readAzure(declared, env, parts));
    const findings = [inVault?.findings, inCluster, inGitLab, inAzure?.findings].flatMap(
      (some) => some ?? [],
    );
    return {
      findings: findings.sort(worstFirst),
      grants: [...(inVault?.grants ?? []), ...(inAzure?.grants ?? [])],
      skipped: parts.skipped,
    };
  } finally {
    vault.close();
  }
}

function contextOf(declared: DeclaredLoop, vault: VaultAccess, kubectl: Kubectl): Context {
  let looked: Promise<Controller> | undefined;
  return {
    declared,
    vault,
    kubectl,
    logins: new Logins(declared, vault, kubectl),
    controller: () => {
      looked ??= controllerOf(kubectl);
      return looked;
    },
  };
}

function worstFirst(a: Finding, b: Finding): number {
  return ORDER[a.severity] - ORDER[b.severity] || compare(a.id, b.id) || compare(a.where, b.where);
}
