import { DEFAULT_DENY, DNS, EVERY_POD, only, tcp } from "../kubernetes/default-deny";

/** Where the traffic of a peer outside of the namespace goes. */
export interface Peer {
  readonly cidr: string;
  readonly port: number;
}

/** The controllers that more may be allowed to, by the names of their keys in the config. */
const CONTROLLERS = {
  kustomizeController: "kustomize-controller",
  sourceController: "source-controller",
  notificationController: "notification-controller",
} as const;

/** Whom else each controller may talk to. */
export type Allowed = { readonly [Controller in keyof typeof CONTROLLERS]?: readonly Peer[] };

export interface NetworkRulesArgs {
  readonly apiServer: Peer;
  readonly vault: Peer;
  readonly git: Peer;
  /** Port of the webhook that alerts go to; absent without alerts. Its address is a secret, so it is not narrowed. */
  readonly alertPort?: number | undefined;
  /** Whether webhooks are taken. Who sends them is known by their token, not by their address. */
  readonly receiver?: boolean | undefined;
  /** Whether Flux decrypts through Azure. Key Vault and Entra ID have no fixed addresses, so it is narrowed to HTTPS. */
  readonly azure?: boolean | undefined;
  /** What other stacks need of the same controllers, or what one address range does not say. */
  readonly allow?: Allowed | undefined;
}

/** Flux's own policy that lets every pod of its namespace talk to everything. */
export const STOCK_EGRESS_POLICY = "allow-egress";

const ANYWHERE = "0.0.0.0/0";
/** Port that source-controller serves artifacts on and notification-controller takes events on. */
const INTERNAL_PORT = 9090;
/** Port that notification-controller takes webhooks on. */
const RECEIVER_PORT = 9292;

/** Specs of the policies by name. All of them together are what Flux needs, and nothing else. */
export function networkRules(args: NetworkRulesArgs) {
  const { apiServer, vault, git, alertPort, receiver, azure, allow = {} } = args;
  return {
    "default-deny": DEFAULT_DENY,
    dns: DNS,
    internal: {
      podSelector: EVERY_POD,
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: EVERY_POD }], ports: [tcp(INTERNAL_PORT)] }],
      egress: [{ to: [{ podSelector: EVERY_POD }], ports: [tcp(INTERNAL_PORT)] }],
    },
    "api-server": egress(EVERY_POD, apiServer),
    vault: egress(only("kustomize-controller"), vault),
    git: egress(only("source-controller"), git),
    ...(azure === true && {
      azure: egress(only("kustomize-controller"), { cidr: ANYWHERE, port: 443 }),
    }),
    ...(receiver === true && {
      receiver: {
        podSelector: only("notification-controller"),
        policyTypes: ["Ingress"],
        ingress: [{ ports: [tcp(RECEIVER_PORT)] }],
      },
    }),
    ...(alertPort !== undefined && {
      alerts: egress(only("notification-controller"), { cidr: ANYWHERE, port: alertPort }),
    }),
    ...allowances(allow),
  };
}

function allowances(allow: Allowed) {
  const names = Object.keys(CONTROLLERS) as (keyof typeof CONTROLLERS)[];
  return Object.fromEntries(
    names.flatMap((name) => {
      const peers = allow[name] ?? [];
      return peers.length > 0
        ? [[`allow-${CONTROLLERS[name]}`, egress(only(CONTROLLERS[name]), ...peers)]]
        : [];
    }),
  );
}

function egress(podSelector: object, ...peers: readonly Peer[]) {
  return {
    podSelector,
    policyTypes: ["Egress"],
    egress: peers.map(({ cidr, port }) => ({ to: [{ ipBlock: { cidr } }], ports: [tcp(port)] })),
  };
}
