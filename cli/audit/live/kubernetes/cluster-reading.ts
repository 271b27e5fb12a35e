import { type Context, type Controller, Fault, NotNeeded, type Probe } from "../../../verify/probe";
import { apiServerCa } from "../../../verify/probes/api-server-ca";
import { problemOf } from "../../../verify/probes/controller";
import { networkPolicies } from "../../../verify/probes/network-policies";
import { vaultCa } from "../../../verify/probes/vault-ca";
import { vaultConfig } from "../../../verify/probes/vault-config";
import type { Finding } from "../../finding";
import type { LiveKind } from "../../kinds/kinds";
import { type DeclaredLoop, mountOf } from "../declared-loop";
import { found } from "../found";
import type { Parts } from "../parts";
import { ClusterSurvey } from "./cluster-survey";
import type { Account } from "./facts";
import { issuerFindings } from "./issuer-checks";
import { kustomizationFindings } from "./kustomization-checks";
import { lastingTokenFindings, rbacFindings, reviewerFindings } from "./rbac-checks";

/** A link of the loop that `sopsloop verify` looks at, and what it means for who may decrypt when it is broken. */
interface Link {
  readonly id: LiveKind;
  readonly probe: Probe;
  /** The thing itself. */
  readonly where: (context: Context, controller: Controller | undefined) => string;
}

const LINKS: readonly Link[] = [
  {
    id: "vault-auth-ca",
    probe: apiServerCa,
    where: ({ declared }) => mountOf(declared.loginPath),
  },
  { id: "flux-vault-untrusted", probe: vaultCa, where: (_, controller) => deploymentOf(controller) },
  {
    id: "flux-vault-address",
    probe: vaultConfig,
    where: (_, controller) => {
      const flag = "--sops-vault-configmap=";
      const name = controller?.args.find((arg) => arg.startsWith(flag))?.slice(flag.length);
      return name === undefined ? deploymentOf(controller) : `${controller?.namespace}/configmap/${name}`;
    },
  },
  {
    id: "kubernetes-network-policy",
    probe: networkPolicies,
    where: (_, controller) => `${controller?.namespace}/networkpolicies`,
  },
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
    ...(await linkFindings(context, parts)),
    ...((await parts.read("issuer", () => issuerFindings(context))) ?? []),
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
  return problem === undefined ? [] : [found("flux-controller-changed", deploymentOf(live), problem)];
}

async function linkFindings(context: Context, parts: Parts): Promise<Finding[]> {
  const controller = await context.controller().catch(() => undefined);
  const findings: Finding[] = [];
  for (const { id, probe, where } of LINKS)
    await parts.read(probe.id, async () => {
      try {
        await probe.run(context);
      } catch (error) {
        if (error instanceof NotNeeded) return;
        // What cannot be looked at at all is no finding of the link's.
        if (!(error instanceof Fault) || (controller === undefined && probe !== apiServerCa)) throw error;
        findings.push(found(id, where(context, controller), error.message, error.next));
      }
    });
  return findings;
}

function deploymentOf(controller: Controller | undefined): string {
  return `${controller?.namespace}/deployment/${controller?.name}`;
}
