import { mayCreate } from "../may-create";
import { Fault, type Probe, Skip } from "../probe";

export const reviewer: Probe = {
  id: "reviewer",
  title: "Vault may have tokens reviewed",
  needs: ["token", "cluster"],
  run: async ({ declared, vault, kubectl }) => {
    const mount = declared.loginPath.replace(/^.*?(auth\/.*)\/login$/, "$1");
    const config = await vault.read(`${mount}/config`);
    if (!config)
      throw new Fault(
        `${mount} has no config: nobody can log in`,
        `vault read ${mount}/config; pulumi up --refresh`,
      );
    if (config.kubernetes_host === undefined) throw new Skip("method jwt checks signatures itself");
    if (config.token_reviewer_jwt_set !== true) {
      if (config.disable_local_ca_jwt === true)
        throw new Fault(
          `${mount} has neither a reviewer's JWT nor Vault's own account: every login is refused`,
          `vault read ${mount}/config; pulumi up --refresh`,
        );
      return "by Vault's own service account";
    }
    const found = await kubectl.try([
      "get",
      "secrets",
      "--all-namespaces",
      "--field-selector=type=kubernetes.io/service-account-token",
      // Never the tokens themselves.
      '--output=jsonpath={range .items[*]}{.metadata.namespace} {.metadata.annotations.kubernetes\\.io/service-account\\.name} {.metadata.creationTimestamp}{"\\n"}{end}',
    ]);
    if (found.code !== 0) throw new Skip("the reviewer's Secret may not be listed; ask for get on secrets");
    const accounts = found.stdout.split("\n").filter((line) => line.trim() !== "");
    if (accounts.length === 0)
      throw new Fault(
        "the reviewer's token Secret is gone, and with it the JWT that Vault has is void",
        "kubectl get secrets -A --field-selector=type=kubernetes.io/service-account-token; pulumi up --refresh",
      );
    const able: string[] = [];
    for (const line of accounts) {
      const [namespace = "", account = "", since = ""] = line.split(" ");
      if (await mayCreate(kubectl, `${namespace}:${account}`, ["tokenreviews.authentication.k8s.io"]))
        able.push(`${namespace}/${account}, token of ${ageOf(since)}`);
    }
    const [first] = accounts;
    const [namespace = "", account = ""] = (first ?? "").split(" ");
    if (able.length === 0)
      throw new Fault(
        `${namespace}/${account} may not review tokens: its binding to system:auth-delegator is gone`,
        `kubectl auth can-i create tokenreviews --as=system:serviceaccount:${namespace}:${account}; pulumi up --refresh`,
      );
    return able.join("; ");
  },
};

function ageOf(since: string): string {
  const days = Math.floor((Date.now() - Date.parse(since)) / 86_400_000);
  return days === 1 ? "1 day" : `${days} days`;
}
