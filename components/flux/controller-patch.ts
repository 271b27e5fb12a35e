import { stringify } from "yaml";
import {
  azureEnvironment,
  azureVolumeMounts,
  azureVolumes,
  type ControllerIdentity,
  podMetadata,
} from "./azure-account";
import { STOCK_EGRESS_POLICY } from "./network-rules";

/** Who changes the controller: this program, what installed Flux, or the stack of another environment that has the same Flux. */
export type Installation = "cli" | "bootstrap" | "operator" | "shared";

/** The Deployment that decrypts, its container and its own service account, as every Flux installation names them. */
export const CONTROLLER = {
  deployment: "kustomize-controller",
  container: "manager",
  serviceAccount: "kustomize-controller",
} as const;

export interface ControllerPatchArgs {
  /** Namespace that Flux runs in. */
  readonly namespace: string;
  /** Flux release: 2.9 still needs a feature gate that 2.10 has retired. */
  readonly version: { readonly major: number; readonly minor: number };
  /** Name of the ConfigMap that lists the Vault servers and their login paths. */
  readonly vaultConfigMap: string;
  /** Vault's normalised address. */
  readonly address: string;
  /** ConfigMap with the CA that signed Vault's certificate; absent for a public CA. */
  readonly ca?: { readonly configMap: string; readonly key: string } | undefined;
  /** Further flags, none of which is one of this program's own: see `isOwnFlag`. */
  readonly controllerArgs?: readonly string[] | undefined;
  /** Who the controller itself is in Azure, where its pod has to be told. */
  readonly azure?: ControllerIdentity | undefined;
}

const CA_VOLUME = "vault-ca";
const CA_FOLDER = "/etc/vault-ca";

const IDENTITY_GATE = "ObjectLevelWorkloadIdentity";

/** Arguments that make the controller log in to Vault, beside its stock ones. */
function vaultArgs({
  version,
  vaultConfigMap,
}: Pick<ControllerPatchArgs, "version" | "vaultConfigMap">): string[] {
  const own = [`--sops-vault-configmap=${vaultConfigMap}`];
  // The identity of a Kustomization's own service account was behind a gate up to 2.9. Later releases only log it.
  return version.minor < 10 ? [...own, `--feature-gates=${IDENTITY_GATE}=true`] : own;
}

/** What `flux install` starts the controller with. The same in 2.9 and 2.10. */
function stockArgs(namespace: string): string[] {
  return [
    `--events-addr=http://notification-controller.${namespace}.svc.cluster.local./`,
    "--watch-all-namespaces=true",
    "--log-level=info",
    "--log-encoding=json",
    "--enable-leader-election",
  ];
}

const nameOf = (flag: string) => flag.split("=", 1)[0] ?? flag;

/**
 * Whether this program sets the flag already. Of two the controller takes the last, so it would hang on their order what
 * it does; only feature gates add up.
 */
export function isOwnFlag(flag: string, version: ControllerPatchArgs["version"]): boolean {
  const own = [...stockArgs(""), ...vaultArgs({ version, vaultConfigMap: "" })].map(nameOf);
  if (!own.includes(nameOf(flag))) return false;
  return nameOf(flag) !== "--feature-gates" || flag.includes(IDENTITY_GATE);
}

function environment({ address, ca, azure }: ControllerPatchArgs) {
  return [
    // The address comes from a committed file, so name the only server that a token may be sent to. sops compares
    // beginnings: without the slash, port 82001 would pass for 8200.
    { name: "SOPS_HC_VAULT_ALLOWLIST", value: `${address}/` },
    // The controller takes no CA for a single server: this one is for all of Vault's traffic.
    ...(ca ? [{ name: "VAULT_CACERT", value: `${CA_FOLDER}/${ca.key}` }] : []),
    ...(azure ? azureEnvironment(azure) : []),
  ];
}

function volumes({ ca, azure }: ControllerPatchArgs) {
  return [
    ...(ca ? [{ name: CA_VOLUME, configMap: { name: ca.configMap } }] : []),
    ...(azure ? azureVolumes(azure) : []),
  ];
}

function volumeMounts({ ca, azure }: ControllerPatchArgs) {
  return [
    ...(ca ? [{ name: CA_VOLUME, mountPath: CA_FOLDER, readOnly: true }] : []),
    ...(azure ? azureVolumeMounts(azure) : []),
  ];
}

/**
 * The spec for server-side apply. `args` is one atomic list there, so it has to repeat the stock arguments; the other
 * lists are merged by name.
 */
export function deploymentSpec(args: ControllerPatchArgs) {
  const mounts = volumeMounts(args);
  const mounted = volumes(args);
  const metadata = args.azure && podMetadata(args.azure);
  return {
    template: {
      ...(metadata && { metadata }),
      spec: {
        containers: [
          {
            name: CONTROLLER.container,
            args: [...stockArgs(args.namespace), ...vaultArgs(args), ...(args.controllerArgs ?? [])],
            env: environment(args),
            ...(mounts.length > 0 && { volumeMounts: mounts }),
          },
        ],
        ...(mounted.length > 0 && { volumes: mounted }),
      },
    },
  };
}

/** A patch as kustomize takes it, in a kustomization.yaml as in a FluxInstance. */
export interface KustomizePatch {
  readonly target: { readonly kind: string; readonly name: string };
  readonly patch: string;
}

/** The same change as JSON patch operations, for installations that own the Deployment through kustomize. */
export function kustomizePatches(args: ControllerPatchArgs): KustomizePatch[] {
  const container = "/spec/template/spec/containers/0";
  const add = (list: string) => (value: unknown) => ({ op: "add", path: `${list}/-`, value });
  const operations = [
    ...[...vaultArgs(args), ...(args.controllerArgs ?? [])].map(add(`${container}/args`)),
    ...environment(args).map(add(`${container}/env`)),
    ...volumeMounts(args).map(add(`${container}/volumeMounts`)),
    ...volumes(args).map(add("/spec/template/spec/volumes")),
  ];
  const target = { kind: "Deployment", name: CONTROLLER.deployment };
  const metadata = args.azure && podMetadata(args.azure);
  return [
    { target, patch: stringify(operations) },
    ...(metadata ? [merged({ apiVersion: "apps/v1", ...target }, { spec: { template: { metadata } } })] : []),
  ];
}

/** Says of the controller's own account who it is in Azure. */
export function accountPatch(annotations: Readonly<Record<string, string>>): KustomizePatch {
  const identity = { apiVersion: "v1", kind: "ServiceAccount", name: CONTROLLER.serviceAccount };
  return merged(identity, { metadata: { annotations } });
}

interface ObjectIdentity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** A change that is merged into the object, since what it goes into may not be there. */
function merged(
  { apiVersion, kind, name }: ObjectIdentity,
  { metadata, ...change }: { readonly metadata?: object; readonly spec?: object },
): KustomizePatch {
  const patch = { apiVersion, kind, metadata: { name, ...metadata }, ...change };
  return { target: { kind, name }, patch: stringify(patch) };
}

/** Deletes Flux's stock policy that allows all egress: policies only add up, so beside it no other has an effect. */
export function stockEgressRemoval(): KustomizePatch {
  const identity = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" };
  return {
    target: { kind: identity.kind, name: STOCK_EGRESS_POLICY },
    patch: stringify({ $patch: "delete", ...identity, metadata: { name: STOCK_EGRESS_POLICY } }),
  };
}

/** Text to paste: a part of `flux-system/kustomization.yaml` (bootstrap) or of the FluxInstance (operator). */
export function patchesText(
  installation: Exclude<Installation, "cli" | "shared">,
  patches: readonly KustomizePatch[],
): string {
  const list = { patches };
  return stringify(installation === "operator" ? { spec: { kustomize: list } } : list);
}
