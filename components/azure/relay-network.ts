import { DEFAULT_DENY, DNS, only, tcp } from "../kubernetes/default-deny";
import { RELAY, RELAY_PORT } from "./relay-pod";

/**
 * Specs of the network policies of the relay's namespace by name. Whoever comes has to show who he is; the ingress in front of it is not
 * known here, and neither are the addresses of what the relay calls, nor their family.
 *
 * @param ports TCP ports of GitLab and, where Event Grid shows tokens, of Entra ID
 */
export function relayNetworkRules(ports: readonly number[]) {
  const podSelector = only(RELAY);
  return {
    "default-deny": DEFAULT_DENY,
    dns: DNS,
    events: { podSelector, policyTypes: ["Ingress"], ingress: [{ ports: [tcp(RELAY_PORT)] }] },
    calls: { podSelector, policyTypes: ["Egress"], egress: [{ ports: ports.map(tcp) }] },
  };
}
