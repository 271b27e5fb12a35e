import { DeploymentPatch } from "@pulumi/kubernetes/apps/v1/deploymentPatch";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import { Role } from "@pulumi/kubernetes/rbac/v1/role";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import {
  type AzureAccount,
  accountAnnotations,
  type ControllerIdentity,
  type ControllerTokens,
} from "./azure-account";
import {
  accountPatch,
  CONTROLLER,
  type ControllerPatchArgs,
  deploymentSpec,
  type Installation,
  type KustomizePatch,
  kustomizePatches,
} from "./controller-patch";
import { decryptorAccounts, type FluxDecryptor, isController } from "./decryptor-accounts";

/** Who the decryptors are in Azure. */
export interface FluxAzureArgs {
  /** By the decryptors' keys. */
  readonly accounts: Readonly<Record<string, AzureAccount>>;
  /** How the controller gets tokens of its own; absent: it asks for them as for every other account. */
  readonly controllerTokens?: ControllerTokens | undefined;
}

export interface FluxDecryptionArgs {
  /** Namespace that Flux runs in. */
  readonly namespace: string;
  readonly version: { readonly major: number; readonly minor: number };
  /**
   * `cli`: the controller's Deployment is patched. `bootstrap`, `operator`: the patch is only rendered, for the repository that owns it.
   * `shared`: another stack has seen to the controller, which knows this Vault and its login path already.
   */
  readonly installation: Installation;
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
  /** Absent for no Azure. */
  readonly azure?: FluxAzureArgs | undefined;
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

    const accounts = decryptorAccounts(this, name, { ...args, azure: args.azure?.accounts });
    const grants = tokenGrants(this, name, args, accounts);
    this.patches =
      args.installation === "shared" ? pulumi.output([]) : prepareController(this, name, args, grants);
    this.vaultConfigMap = pulumi.output(VAULT_CONFIG);
    this.registerOutputs({ vaultConfigMap: this.vaultConfigMap, patches: this.patches });
  }
}

/** Tells the controller of Vault, and patches it or renders the patches for whoever owns it. */
function prepareController(
  parent: pulumi.Resource,
  name: string,
  args: FluxDecryptionArgs,
  grants: readonly pulumi.Resource[],
): pulumi.Output<readonly KustomizePatch[]> {
  const { namespace } = args;
  const configMap = (role: string, object: string, data: Record<string, pulumi.Input<string>>) =>
    new ConfigMap(`${name}-${role}`, { metadata: { name: object, namespace }, data }, { parent });
  const vaultConfig = configMap("vault", VAULT_CONFIG, {
    "config.yaml": pulumi.output(args.loginPath).apply((path) => vaultInstances(args.address, path)),
  });
  const ca = args.caPem === undefined ? [] : [configMap("vault-ca", CA.configMap, { [CA.key]: args.caPem })];
  const patch: ControllerPatchArgs = {
    namespace,
    version: args.version,
    vaultConfigMap: VAULT_CONFIG,
    address: args.address,
    controllerArgs: args.controllerArgs,
    ...(ca.length > 0 && { ca: CA }),
  };
  const azure = controllerInAzure(args);
  if (args.installation === "cli") {
    const spec = azure?.identity
      ? azure.identity.apply((identity) => deploymentSpec({ ...patch, azure: identity }))
      : deploymentSpec(patch);
    patchController(parent, name, { namespace, spec }, [vaultConfig, ...ca, ...grants]);
    return pulumi.output([]);
  }
  return pulumi
    .all([azure?.identity, azure?.annotations])
    .apply(([identity, annotations]) => [
      ...kustomizePatches({ ...patch, azure: identity }),
      ...(annotations ? [accountPatch(annotations)] : []),
    ]);
}

/** The list of servers that Flux may log in to. It looks the address up as an exact string. */
export function vaultInstances(address: string, loginPath: string): string {
  return stringify({ instances: [{ address, loginPath }] });
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

/** Who the controller itself is in Azure, where it is a decryptor. */
function controllerInAzure({ namespace, decryptors, azure }: FluxDecryptionArgs) {
  const found = Object.entries(decryptors).find(([, decryptor]) => isController(namespace, decryptor));
  const account = found && azure?.accounts[found[0]];
  if (!account) return undefined;
  const { controllerTokens: tokens } = azure;
  const identity: pulumi.Output<ControllerIdentity> | undefined =
    tokens && pulumi.output({ tokens, ...account });
  return { annotations: accountAnnotations(account), identity };
}

function patchController(
  parent: pulumi.Resource,
  name: string,
  { namespace, spec }: { readonly namespace: string; readonly spec: pulumi.Input<object> },
  dependsOn: pulumi.Resource[],
) {
  return new DeploymentPatch(
    `${name}-controller`,
    {
      metadata: {
        name: CONTROLLER.deployment,
        namespace,
        // The installer owns `args`; without force, taking them over is a conflict.
        annotations: { "pulumi.com/patchForce": "true" },
      },
      spec,
    },
    { parent, dependsOn },
  );
}
