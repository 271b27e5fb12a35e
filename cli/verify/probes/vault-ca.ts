import { basename } from "node:path";
import { rootCertificates } from "node:tls";
import { type Controller, Fault, NotNeeded, type Probe, Skip } from "../probe";
import { certificateOf } from "../tls-check";

interface ConfigMap {
  readonly data?: Readonly<Record<string, string>>;
}

/** By a handshake with Vault that trusts exactly what the controller has. */
export const vaultCa: Probe = {
  id: "vault-ca",
  title: "kustomize-controller trusts Vault's certificate",
  needs: ["vault", "controller"],
  run: async ({ declared: { vaultAddress }, controller, kubectl }) => {
    const found = await controller();
    const { namespace, name, env } = found;
    if (!vaultAddress.startsWith("https:")) throw new NotNeeded("Vault is spoken to without TLS");
    if (env.VAULT_SKIP_VERIFY !== undefined && /^(1|t|true)$/i.test(env.VAULT_SKIP_VERIFY))
      throw new Fault(
        "VAULT_SKIP_VERIFY is set: whoever stands between it and Vault can read every data key",
        `kubectl -n ${namespace} set env deployment/${name} VAULT_SKIP_VERIFY-`,
      );
    const file = env.VAULT_CACERT;
    if (file === undefined) {
      if ((await certificateOf(vaultAddress, rootCertificates, env.VAULT_TLS_SERVER_NAME)) === "untrusted")
        throw new Fault(
          "its VAULT_CACERT is gone, and no public CA has signed Vault's certificate",
          `kubectl -n ${namespace} get deployment ${name} -o yaml; pulumi up --refresh`,
        );
      return "by a public CA";
    }
    const map = configMapOf(found, file);
    const ca = (await kubectl.get<ConfigMap>(["configmap", map, `--namespace=${namespace}`]))?.data?.[
      basename(file)
    ];
    const show = `kubectl -n ${namespace} get configmap ${map} -o yaml; pulumi up --refresh`;
    if (!ca?.includes("BEGIN CERTIFICATE"))
      throw new Fault(`VAULT_CACERT names ${basename(file)}, which the ConfigMap ${map} does not have`, show);
    if ((await certificateOf(vaultAddress, ca, env.VAULT_TLS_SERVER_NAME)) === "untrusted")
      throw new Fault(`the CA in the ConfigMap ${map} has not signed Vault's certificate`, show);
    return `${file}, from the ConfigMap ${map}`;
  },
};

function configMapOf(controller: Controller, file: string): string {
  const map = controller.configMapOf(file);
  if (map === undefined) throw new Skip(`VAULT_CACERT is ${file}, which comes from no ConfigMap`);
  return map;
}
