import { CONTROLLERS, vaultControllers } from "../reading/flux";
import { NETWORK_POLICY, namespaceOf } from "../reading/kubernetes";
import { checkov, cisKubernetes, trivy } from "../references";
import { stackRule } from "../rule";
import type { Subject } from "../values/subject";

export const rule = stackRule({
  name: "loop-flux-default-deny",
  title: "In Flux's namespace no traffic is allowed that nobody asked for",
  why: "The controller holds every secret in the clear for a moment. From a namespace that may talk to everything they go anywhere.",
  remedy: "Set `sopsloop:flux.networkPolicies`.",
  severity: "medium",
  // Flux brings policies of its own, and a cluster without a network plugin takes no notice of any.
  enforcement: "advisory",
  references: [cisKubernetes("5.3.2"), checkov("CKV2_K8S_6"), trivy("KSV-0038")],
  types: CONTROLLERS,
  *check(controller, stack) {
    if (!vaultControllers(stack).some(({ urn }) => urn === controller.urn)) return;
    const namespace = namespaceOf(controller);
    const policies = stack.ofType(NETWORK_POLICY).filter((policy) => namespaceOf(policy) === namespace);
    if (!policies.some(deniesAll))
      yield `decrypts in ${namespace}, where this stack denies no traffic; set sopsloop:flux.networkPolicies`;
  },
});

function deniesAll(policy: Subject): boolean {
  const types = policy.texts("spec.policyTypes");
  const selects = policy.entries("spec.podSelector").length > 0;
  const allows = policy.list("spec.ingress").length + policy.list("spec.egress").length > 0;
  return types.includes("Ingress") && types.includes("Egress") && !selects && !allows;
}
