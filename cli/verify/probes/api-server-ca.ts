import { Fault, NotNeeded, type Probe, Skip } from "../probe";

interface ConfigMap {
  readonly data?: Readonly<Record<string, string>>;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** Without line ends, which differ from one place to another. */
const certificatesIn = (pem: string): string[] =>
  (pem.match(CERTIFICATE) ?? []).map((one) => one.replace(/\s+/g, ""));

export const apiServerCa: Probe = {
  id: "api-server-ca",
  title: "Vault has the API server's CA",
  needs: ["token", "cluster"],
  run: async ({ declared, vault, kubectl }) => {
    const mount = declared.loginPath.replace(/^.*?(auth\/.*)\/login$/, "$1");
    const config = await vault.read(`${mount}/config`);
    const stored: readonly string[] = certificatesIn(String(config?.kubernetes_ca_cert ?? ""));
    if (config?.kubernetes_host === undefined || stored.length === 0)
      throw new NotNeeded("none is set: Vault uses its own pod's, or method jwt");
    const own = await kubectl.get<ConfigMap>(["configmap", "kube-root-ca.crt", "--namespace=kube-system"]);
    const other =
      own ?? (await kubectl.get<ConfigMap>(["configmap", "kube-root-ca.crt", "--namespace=default"]));
    const live: readonly string[] = certificatesIn(other?.data?.["ca.crt"] ?? "");
    if (live.length === 0) throw new Skip("the cluster publishes no kube-root-ca.crt");
    if (!live.some((certificate) => stored.includes(certificate)))
      throw new Fault(
        "the CA that Vault has is not the API server's: every login is refused",
        `vault read ${mount}/config; pulumi up --refresh`,
      );
    return String(config.kubernetes_host);
  },
};
