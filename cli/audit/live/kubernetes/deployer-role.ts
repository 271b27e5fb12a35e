import type { Finding } from "../../finding";
import type { LiveKind } from "../../kinds/kinds";
import type { Binding } from "./facts";

/** Roles of docs/deployer-clusterrole.yaml that are bound in a namespace. */
const ROLE = /^sopsloop-deployer-(flux|decryptors|relay)$/;

/** What these roles are for. Whatever else one of them allows is told as of any other role. */
const OWN: ReadonlySet<string> = new Set<LiveKind>([
  "kubernetes-token-request",
  "kubernetes-reads-secrets",
  "kubernetes-runs-as-decryptor",
  "kubernetes-makes-token-secret",
  "kubernetes-steers-flux",
]);

/** One finding in the place of those that every deployer gives: there has to be one, and only a reader knows who it is. */
export function withDeployer(
  binding: Binding,
  findings: readonly Finding[],
  deployer: () => Finding,
): readonly Finding[] {
  if (binding.namespace === undefined || !ROLE.test(binding.roleName)) return findings;
  const others = findings.filter(({ id }) => !OWN.has(id));
  return others.length === findings.length ? findings : [deployer(), ...others];
}
