import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount";
import { ServiceAccountPatch } from "@pulumi/kubernetes/core/v1/serviceAccountPatch";
import type * as pulumi from "@pulumi/pulumi";
import { type AzureAccount, accountAnnotations } from "./azure-account";
import { CONTROLLER, type Installation } from "./controller-patch";

/** A service account that decrypts for its Kustomizations. */
export interface FluxDecryptor {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Create the namespace too. */
  readonly createNamespace: boolean;
}

export interface DecryptorAccountsArgs {
  /** Namespace that Flux runs in. */
  readonly namespace: string;
  /** By a key of the caller's choice. */
  readonly decryptors: Readonly<Record<string, FluxDecryptor>>;
  /** With `cli`, the controller's account is changed here. */
  readonly installation: Installation;
  /** Who they are in Azure, by the same keys. */
  readonly azure?: Readonly<Record<string, AzureAccount>> | undefined;
}

/** Whether a decryptor is the controller itself, whose account comes with Flux. */
export function isController(
  fluxNamespace: string,
  { namespace, serviceAccount }: Omit<FluxDecryptor, "createNamespace">,
): boolean {
  return namespace === fluxNamespace && serviceAccount === CONTROLLER.serviceAccount;
}

/** Namespaces and service accounts of the decryptors; the controller's own come with Flux, and are told who it is in Azure. */
export function decryptorAccounts(
  parent: pulumi.Resource,
  name: string,
  args: DecryptorAccountsArgs,
): pulumi.Resource[] {
  const created = new Set(
    Object.values(args.decryptors).flatMap(({ namespace, createNamespace }) =>
      createNamespace ? [namespace] : [],
    ),
  );
  const namespaces = new Map(
    [...created].map((namespace) => [
      namespace,
      new Namespace(
        `${name}-namespace-${namespace}`,
        { metadata: { name: namespace } },
        // It may have been there before, and by now holds more than this program knows of.
        { parent, retainOnDelete: true },
      ),
    ]),
  );
  const accounts = Object.entries(args.decryptors).flatMap(([key, decryptor]) => {
    const { namespace, serviceAccount } = decryptor;
    const azure = args.azure?.[key];
    const annotations = azure && accountAnnotations(azure);
    if (isController(args.namespace, decryptor))
      return annotations && args.installation === "cli"
        ? [controllerAccount(parent, name, namespace, annotations)]
        : [];
    const owner = namespaces.get(namespace);
    const account = new ServiceAccount(
      `${name}-account-${namespace}_${serviceAccount}`,
      // No pod runs as this account: Flux asks for its tokens one by one.
      {
        metadata: { name: serviceAccount, namespace, ...(annotations && { annotations }) },
        automountServiceAccountToken: false,
      },
      { parent, ...(owner && { dependsOn: owner }) },
    );
    return [account];
  });
  return [...namespaces.values(), ...accounts];
}

function controllerAccount(
  parent: pulumi.Resource,
  name: string,
  namespace: string,
  annotations: Readonly<Record<string, pulumi.Input<string>>>,
) {
  return new ServiceAccountPatch(
    `${name}-controller-account`,
    {
      metadata: {
        name: CONTROLLER.serviceAccount,
        namespace,
        annotations: { "pulumi.com/patchForce": "true", ...annotations },
      },
    },
    { parent },
  );
}
