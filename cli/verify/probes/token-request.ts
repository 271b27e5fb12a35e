import { mayCreate } from "../may-create";
import { Fault, type Probe } from "../probe";

export const tokenRequest: Probe = {
  id: "token-request",
  title: "kustomize-controller may ask for the decryptors' tokens",
  needs: ["controller"],
  run: async ({ controller, kubectl, logins }) => {
    const own = await controller();
    const asking = `${own.namespace}:${own.serviceAccount}`;
    for (const { namespace, serviceAccount } of logins.decryptors) {
      const words = [`serviceaccounts/${serviceAccount}`, "--subresource=token", `--namespace=${namespace}`];
      if (!(await mayCreate(kubectl, asking, words)))
        throw new Fault(
          `it may not: Flux cannot log in as ${namespace}/${serviceAccount}`,
          `kubectl auth can-i create ${words.join(" ")} --as=system:serviceaccount:${asking}; pulumi up --refresh`,
        );
    }
    return logins.decryptors
      .map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`)
      .join(", ");
  },
};
