import { CONTROLLERS, controllerContainers, flagOf, variable } from "../reading/flux";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "flux-controller-allowlist",
  title: "Flux sends tokens to the one Vault that it is told of",
  why: "The address of Vault stands in each encrypted file, which whoever commits writes. sops compares beginnings: without a slash at the end, port 82001 passes for 8200.",
  remedy: "Set SOPS_HC_VAULT_ALLOWLIST in kustomize-controller to Vault's address with a slash at the end.",
  severity: "high",
  types: CONTROLLERS,
  *check(workload) {
    for (const container of controllerContainers(workload)) {
      if (flagOf(container, "sops-vault-configmap") === undefined) continue;
      const list = variable(container, "SOPS_HC_VAULT_ALLOWLIST")?.text() ?? "";
      if (list === "" || list === "all")
        yield "asks whatever server a committed file names; set SOPS_HC_VAULT_ALLOWLIST to Vault's address";
      else
        for (const each of list.split(",").map((address) => address.trim()))
          if (!each.endsWith("/")) yield `takes every address that begins with ${each}; end it with a slash`;
    }
  },
});
