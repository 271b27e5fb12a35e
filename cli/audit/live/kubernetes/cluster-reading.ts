import { type Context, Fault, NotNeeded, type Probe } from "../../../verify/probe";
import { apiServerCa } from "../../../verify/probes/api-server-ca";
import { problemOf } from "../../../verify/probes/controller";
import { networkPolicies } from "../../../verify/probes/network-policies";
import { vaultCa } from "../../../verify/probes/vault-ca";
import { vaultConfig } from "../../../verify/probes/vault-config";
import type { Finding } from "../../finding";
import type { LiveKind } from "../../kinds/kinds";
import type { DeclaredLoop } from "../declared-loop";
import { found } from "../found";
import type { Parts } from "../parts";
import { ClusterSurvey } from "./cluster-survey";
import type { Account } from "./facts";
import { kustomizationFindings } from "./kustomization-checks";
import { lastingTokenFindings, rbacFindings, reviewerFindings } from "./rbac-checks";

/** Links of the loop that `sopsloop verify` looks at, and what it means for who may decrypt when one is broken. */
const PROBES: readonly (readonly [id: LiveKind, probe: Probe])[] = [
  ["vault-auth-ca", apiServerCa],
  ["flux-vault-untrusted", vaultCa],
  ["flux-vault-address", vaultConfig],
  ["kubernetes-network-policy", networkPolicies],
];

/** What is wrong in the cluster: who can become an account that decrypts, and what Flux decrypts. */
export async function readCluster(
  context: Context,
  declared: DeclaredLoop,
  parts: Parts,
): Promise<Finding[]> {
  const facts = await new ClusterSurvey(context.kubectl, context.controller, parts).facts();
  const decryptors = accountsOf(declared);
  return [
    ...rbacFindings(facts, decryptors),
    ...reviewerFindings(facts),
    ...lastingTokenFindings(facts, decryptors),
    ...kustomizationFindings(facts, declared),
    ...(await controllerFindings(context)),
    ...(await probeFindings(context, parts)),
  ];
}

/** Service accounts that may decrypt. */
function accountsOf({ audit }: DeclaredLoop): Account[] {
  const accounts = audit.roles.flatMap(({ namespaces, serviceAccounts }) =>
    namespaces.flatMap((namespace) => serviceAccounts.map((name) => ({ namespace, name }))),
  );
  return [...new Map(accounts.map((account) => [`${account.namespace}/${account.name}`, account])).values()];
}

/** That it cannot be looked at is told by the survey. */
async function controllerFindings({ controller, declared }: Context): Promise<Finding[]> {
  const live = await controller().catch(() => undefined);
  const problem = live && problemOf(live, declared.vaultAddress);
  if (live === undefined || problem === undefined) return [];
  return [found("flux-controller-changed", `${live.namespace}/deployment/${live.name}`, problem)];
}

async function probeFindings(context: Context, parts: Parts): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [id, probe] of PROBES)
    await parts.read(probe.id, async () => {
      try {
        await probe.run(context);
      } catch (error) {
        if (error instanceof NotNeeded) return;
        if (!(error instanceof Fault)) throw error;
        findings.push(found(id, probe.title, error.message, error.next));
      }
    });
  return findings;
}
