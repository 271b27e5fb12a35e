import { DeploymentPatch } from "@pulumi/kubernetes/apps/v1/deploymentPatch";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount";
import { Role } from "@pulumi/kubernetes/rbac/v1/role";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import {
  CONTROLLER,
  type ControllerPatchArgs,
  deploymentSpec,
  type KustomizePatch,
  kustomizePatches,
} from "./controller-patch";

/** A service account that decrypts for its Kustomizations. */
export interface FluxDecryptor {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Create the namespace too. */
  readonly createNamespace: boolean;
}

export interface FluxDecryptionArgs {
  /** Namespace that Flux runs in. */
  readonly namespace: string;
  readonly version: { readonly major: number; readonly minor: number };
  /** `cli`: the controller's Deployment is patched. Otherwise the patch is only rendered, for the repository that owns it. */
  readonly installation: "cli" | "bootstrap" | "operator";
  /** Vault's normalised address. */
  readonly address: string;
  /** Path to log in at, such as `auth/kubernetes/login`. */
  readonly loginPath: pulumi.Input<string>;
  /** CA that signed Vault's certificate, PEM; absent for a public CA. */
  readonly caPem?: pulumi.Input<string> | undefined;
  /** Flags that the controller gets beside those of this program, such as `--concurrent=10`. */
  readonly controllerArgs?: readonly string[] | undefined;
  /** By a key of the caller's choice. */
  readonly decryptors: Readonly<Record<string, FluxDecryptor>>;
}

const VAULT_CONFIG = "sopsloop-vault";
const CA = { configMap: "sopsloop-vault-ca", key: "ca.pem" } as const;
const TOKEN_ROLE = "sopsloop-decryption-token";

/** Makes Flux log in to Vault as the service account of each Kustomization. */
export class FluxDecryption extends pulumi.ComponentResource {
  /** Name of the ConfigMap in Flux's namespace that lists Vault's address and login path. */
  public readonly vaultConfigMap: pulumi.Output<string>;
  /** Kustomize patches of the controller; empty where the program patches it by itself. */
  public readonly patches: pulumi.Output<readonly KustomizePatch[]>;

  constructor(name: string, args: FluxDecryptionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:flux:FluxDecryption", name, {}, opts);

    const vaultConfig = new ConfigMap(
      `${name}-vault`,
      {
        metadata: { name: VAULT_CONFIG, namespace: args.namespace },
        data: {
          "config.yaml": pulumi.output(args.loginPath).apply((path) => vaultInstances(args.address, path)),
        },
      },
      { parent: this },
    );
    const ca =
      args.caPem === undefined
        ? undefined
        : new ConfigMap(
            `${name}-vault-ca`,
            { metadata: { name: CA.configMap, namespace: args.namespace }, data: { [CA.key]: args.caPem } },
            { parent: this },
          );
    const accounts = decryptorAccounts(this, name, args);
    const grants = tokenGrants(this, name, args, accounts);
    const patch: ControllerPatchArgs = {
      namespace: args.namespace,
      version: args.version,
      vaultConfigMap: VAULT_CONFIG,
      address: args.address,
      controllerArgs: args.controllerArgs,
      ...(ca && { ca: CA }),
    };
    if (args.installation === "cli") {
      patchController(this, name, patch, [vaultConfig, ...(ca ? [ca] : []), ...grants]);
    }

    this.vaultConfigMap = vaultConfig.metadata.name;
    this.patches = pulumi.output(args.installation === "cli" ? [] : kustomizePatches(patch));
    this.registerOutputs({ vaultConfigMap: this.vaultConfigMap, patches: this.patches });
  }
}

/** The list of servers that Flux may log in to. It looks the address up as an exact string. */
export function vaultInstances(address: string, loginPath: string): string {
  return stringify({ instances: [{ address, loginPath }] });
}

function isControllers(args: FluxDecryptionArgs, { namespace, serviceAccount }: FluxDecryptor): boolean {
  return namespace === args.namespace && serviceAccount === CONTROLLER.serviceAccount;
}

/** Namespaces and service accounts of the decryptors; the controller's own come with Flux. */
function decryptorAccounts(
  parent: pulumi.Resource,
  name: string,
  args: FluxDecryptionArgs,
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
  const accounts = Object.values(args.decryptors)
    .filter((decryptor) => !isControllers(args, decryptor))
    .map(({ namespace, serviceAccount }) => {
      const owner = namespaces.get(namespace);
      return new ServiceAccount(
        `${name}-account-${namespace}_${serviceAccount}`,
        // No pod runs as this account: Flux asks for its tokens one by one.
        { metadata: { name: serviceAccount, namespace }, automountServiceAccountToken: false },
        { parent, ...(owner && { dependsOn: owner }) },
      );
    });
  return [...namespaces.values(), ...accounts];
}

/**
 * Lets the controller ask for tokens of the decryptors and of no other account. Stock Flux grants this for every
 * account of the cluster (ClusterRole crd-controller); this one still holds where that grant has been taken away.
 */
function tokenGrants(
  parent: pulumi.Resource,
  name: string,
  args: FluxDecryptionArgs,
  accounts: pulumi.Resource[],
): pulumi.Resource[] {
  const byNamespace = new Map<string, string[]>();
  for (const { namespace, serviceAccount } of Object.values(args.decryptors)) {
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), serviceAccount].sort());
  }
  return [...byNamespace].flatMap(([namespace, resourceNames]) => {
    const metadata = { name: TOKEN_ROLE, namespace };
    const role = new Role(
      `${name}-token-${namespace}`,
      {
        metadata,
        rules: [{ apiGroups: [""], resources: ["serviceaccounts/token"], resourceNames, verbs: ["create"] }],
      },
      { parent, dependsOn: accounts },
    );
    const binding = new RoleBinding(
      `${name}-token-binding-${namespace}`,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: CONTROLLER.serviceAccount, namespace: args.namespace }],
      },
      { parent },
    );
    return [role, binding];
  });
}

function patchController(
  parent: pulumi.Resource,
  name: string,
  patch: ControllerPatchArgs,
  dependsOn: pulumi.Resource[],
) {
  return new DeploymentPatch(
    `${name}-controller`,
    {
      metadata: {
        name: CONTROLLER.deployment,
        namespace: patch.namespace,
        // The installer owns `args`; without force, taking them over is a conflict.
        annotations: { "pulumi.com/patchForce": "true" },
      },
      spec: deploymentSpec(patch),
    },
    { parent, dependsOn },
  );
}
