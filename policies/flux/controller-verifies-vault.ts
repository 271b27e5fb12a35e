import { CONTROLLERS, controllerContainers, variable } from "../reading/flux";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "flux-controller-verifies-vault",
  title: "Flux talks to the genuine Vault only, and logs in by itself",
  why: "With VAULT_SKIP_VERIFY whoever stands in between has the token and the data keys. With VAULT_TOKEN every Kustomization has the same one, until it ends.",
  remedy: "Name a private CA in VAULT_CACERT. Let service accounts log in.",
  severity: "critical",
  types: CONTROLLERS,
  *check(workload) {
    for (const container of controllerContainers(workload)) {
      const skips = variable(container, "VAULT_SKIP_VERIFY")?.text() ?? "";
      if (skips !== "" && !/^(0|f|false)$/i.test(skips))
        yield "believes any certificate (VAULT_SKIP_VERIFY); name the CA in VAULT_CACERT";
      if (container.list("env").some((each) => each.text("name") === "VAULT_TOKEN"))
        yield "has a Vault token for all (VAULT_TOKEN); let service accounts log in";
    }
  },
});
