import { Fault, type Probe, Skip } from "../probe";

interface ConfigMap {
  readonly data?: Readonly<Record<string, string>>;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** How Vault comes to believe a service account's token. */
export const tokenReview: readonly Probe[] = [
  {
    id: "reviewer",
    title: "Vault may have tokens reviewed",
    needs: ["vault"],
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
        const asked = await kubectl.try([
          "auth",
          "can-i",
          "create",
          "tokenreviews.authentication.k8s.io",
          `--as=system:serviceaccount:${namespace}:${account}`,
        ]);
        if (asked.stdout.trim() === "yes") able.push(`${namespace}/${account}, token of ${ageOf(since)}`);
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
  },
  {
    id: "api-server-ca",
    title: "Vault has the API server's CA",
    needs: ["vault"],
    run: async ({ declared, vault, kubectl }) => {
      const mount = declared.loginPath.replace(/^.*?(auth\/.*)\/login$/, "$1");
      const config = await vault.read(`${mount}/config`);
      const stored: readonly string[] = String(config?.kubernetes_ca_cert ?? "").match(CERTIFICATE) ?? [];
      if (config?.kubernetes_host === undefined || stored.length === 0)
        throw new Skip("none is set: Vault uses its own pod's, or method jwt");
      const own = await kubectl.get<ConfigMap>(["configmap", "kube-root-ca.crt", "--namespace=kube-system"]);
      const other =
        own ?? (await kubectl.get<ConfigMap>(["configmap", "kube-root-ca.crt", "--namespace=default"]));
      const live: readonly string[] = other?.data?.["ca.crt"]?.match(CERTIFICATE) ?? [];
      if (live.length === 0) throw new Skip("the cluster publishes no kube-root-ca.crt");
      if (!live.some((certificate) => stored.includes(certificate)))
        throw new Fault(
          "the CA that Vault has is not the API server's: every login is refused",
          `vault read ${mount}/config; pulumi up --refresh`,
        );
      return String(config.kubernetes_host);
    },
  },
];

function ageOf(since: string): string {
  const days = Math.floor((Date.now() - Date.parse(since)) / 86_400_000);
  return days === 1 ? "1 day" : `${days} days`;
}
