import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import * as pulumi from "@pulumi/pulumi";

/** A CA certificate: PEM text at hand, or a ConfigMap of the cluster that holds it. */
export type CertificateSource =
  | { readonly pem: string }
  | { readonly configMap: { readonly namespace: string; readonly name: string; readonly key: string } };

/** The PEM text of a CA certificate. Reads the ConfigMap anew on every update, so a renewed CA is noticed. */
export function caCertificate(
  name: string,
  source: CertificateSource,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  if ("pem" in source) return pulumi.output(source.pem);
  const { namespace, name: objectName, key } = source.configMap;
  const configMap = ConfigMap.get(name, `${namespace}/${objectName}`, opts);
  return configMap.data.apply((data) => {
    const pem = data?.[key];
    if (!pem?.includes("-----BEGIN CERTIFICATE-----")) {
      throw new pulumi.RunError(
        `ConfigMap ${namespace}/${objectName} has no PEM certificate under ${key}; put the CA there or name another key in the config`,
      );
    }
    return pem;
  });
}
