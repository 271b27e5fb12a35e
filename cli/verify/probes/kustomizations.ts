import { decryptingKustomizations } from "../../kubernetes/flux-objects";
import { Fault, type Probe } from "../probe";

export const kustomizations: Probe = {
  id: "kustomizations",
  title: "Flux has applied what it decrypts",
  needs: ["controller"],
  run: async ({ declared, kubectl }) => {
    const live = await decryptingKustomizations(kubectl);
    const seen: string[] = [];
    for (const { namespace, kustomization, serviceAccount } of declared.audit.decryption) {
      const name = `${namespace}/${kustomization}`;
      const found = live.find((one) => one.name === name);
      const show = `kubectl -n ${namespace} describe kustomization ${kustomization}`;
      if (!found)
        throw new Fault(
          `Kustomization ${name} is gone, or no longer decrypts`,
          `${show}; pulumi up --refresh`,
        );
      if (found.serviceAccount !== serviceAccount)
        throw new Fault(
          `Kustomization ${name} decrypts as ${found.serviceAccount ?? "the controller"}, declared is ${serviceAccount}`,
          `${show}; pulumi up --refresh`,
        );
      if (found.suspended)
        throw new Fault(
          `Kustomization ${name} is suspended`,
          `flux resume kustomization ${kustomization} -n ${namespace}`,
        );
      if (!found.ready) throw new Fault(`Kustomization ${name}: ${found.message}`, show);
      seen.push(`${name} at ${found.revision}`);
    }
    return seen.join(", ");
  },
};
