import { NETWORK_POLICY } from "../reading/kubernetes";
import { resourceRule } from "../rule";
import type { Reader } from "../values/reader";

export const rule = resourceRule({
  name: "kubernetes-network-policy-narrow",
  title: "A network policy says to whom, or on which ports",
  why: "Policies only add up: one that allows everything undoes all others of the namespace.",
  remedy: "Name peers, ports or both in each rule.",
  severity: "high",
  types: [NETWORK_POLICY],
  *check(policy) {
    for (const [direction, peers] of [
      ["ingress", "from"],
      ["egress", "to"],
    ] as const)
      for (const rule of policy.list(`spec.${direction}`))
        if (isOpen(rule, peers))
          yield `allows all ${direction}, and so undoes every other policy of its namespace; name ${peers} or ports`;
  },
});

function isOpen(rule: Reader, peers: "from" | "to"): boolean {
  if (rule.list("ports").length > 0) return false;
  const list = rule.list(peers);
  return (
    list.length === 0 || list.some((peer) => ["0.0.0.0/0", "::/0"].includes(peer.text("ipBlock.cidr") ?? ""))
  );
}
