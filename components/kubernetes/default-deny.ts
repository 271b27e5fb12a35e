/** A port as network policies name it. */
export const tcp = (port: number) => ({ protocol: "TCP", port });

export const EVERY_POD = {};
/** The pods of one app, by the label that their Deployment gives them. */
export const only = (app: string) => ({ matchLabels: { app } });

/** Policies add up: this one allows nothing, so that the others say all that is allowed. */
export const DEFAULT_DENY = { podSelector: EVERY_POD, policyTypes: ["Ingress", "Egress"] };

/** Names are looked up in kube-system, wherever the looker is. */
export const DNS = {
  podSelector: EVERY_POD,
  policyTypes: ["Egress"],
  egress: [
    {
      to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
      ports: [{ protocol: "UDP", port: 53 }, tcp(53)],
    },
  ],
};
