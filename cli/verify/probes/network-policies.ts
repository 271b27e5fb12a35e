import { Fault, NotNeeded, type Probe } from "../probe";

interface NetworkPolicy {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly podSelector?: object };
}

export const networkPolicies: Probe = {
  id: "network-policies",
  title: "Network policies are in place",
  needs: ["controller"],
  run: async ({ controller, kubectl }) => {
    const { namespace } = await controller();
    const list = await kubectl.get<{ readonly items: readonly NetworkPolicy[] }>([
      "networkpolicies",
      `--namespace=${namespace}`,
    ]);
    const policies = list?.items ?? [];
    const own = policies.map(({ metadata }) => metadata.name).filter((name) => name.startsWith("sopsloop-"));
    if (own.length === 0) throw new NotNeeded("the program makes none (flux.networkPolicies is not set)");
    if (!own.includes("sopsloop-default-deny"))
      throw new Fault(
        "sopsloop-default-deny is gone: Flux's pods may talk to everything",
        "pulumi up --refresh",
      );
    const stock = policies.find(({ metadata }) => metadata.name === "allow-egress");
    if (stock && Object.keys(stock.spec.podSelector ?? {}).length === 0)
      throw new Fault(
        "Flux's own allow-egress lets every pod out, whatever the others say",
        "pulumi config set --path sopsloop:flux.networkPolicies.stockPolicy present; pulumi up",
      );
    return own.join(", ");
  },
};
