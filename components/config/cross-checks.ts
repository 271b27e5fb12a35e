import { decryptorAccountChecks, reviewerAccountChecks } from "./account-checks";
import { isSsh } from "./addresses";
import type { AzureSettings } from "./azure";
import { azureChecks } from "./azure-checks";
import { controllerArgChecks } from "./controller-arg-checks";
import type { FluxSettings } from "./flux";
import type { GitLabSettings } from "./gitlab";
import { gitlabChecks } from "./gitlab-checks";
import type { GitLabVariables } from "./gitlab-variables";
import type { KubernetesSettings } from "./kubernetes";
import { configPath, nearest } from "./problems";
import { relayChecks } from "./relay-checks";
import { relayNamespaceChecks } from "./relay-namespace-checks";
import { sharedFluxChecks } from "./shared-flux-checks";
import { GUIDE_KEY, isGuideKey, type VaultSettings } from "./vault";

/** The sections that were read without an error; a check whose sections are not all there is left out. */
export interface ReadSections {
  readonly adopt?: boolean;
  readonly vault?: VaultSettings;
  readonly kubernetes?: KubernetesSettings;
  readonly flux?: FluxSettings;
  readonly alertAddress?: string;
  readonly gitlab?: GitLabSettings;
  /** Whether there is a GitLab section, be it with errors. */
  readonly hasGitLab: boolean;
  readonly azure?: AzureSettings;
  /** Whether there is an Azure section, be it with errors. */
  readonly hasAzure: boolean;
  readonly relayReadToken?: string;
  /** Only where there is no GitLab section to use them. */
  readonly gitlabVariables?: GitLabVariables;
}

/** What one section alone cannot tell: one line for each problem, as the sections' own errors are. */
export function crossChecks(sections: ReadSections): string[] {
  const { adopt, vault, kubernetes, flux, alertAddress, gitlab, hasGitLab, azure } = sections;
  const { gitlabVariables, relayReadToken } = sections;
  return [
    ...(vault ? guideChecks(vault) : []),
    ...(vault && kubernetes && flux?.installation !== "shared" ? apiServerChecks(vault, kubernetes) : []),
    ...(vault && flux ? reviewerAccountChecks(vault, flux) : []),
    ...(vault && adopt ? adoptionChecks(vault) : []),
    ...(flux ? fluxChecks(flux, alertAddress) : []),
    ...(flux ? sharedFluxChecks(flux, vault) : []),
    ...(gitlab && vault && flux ? gitlabChecks(gitlab, vault, flux) : []),
    ...(azure ? azureChecks(azure, { vault, flux }) : []),
    ...(azure ? relayChecks(azure, { gitlab, hasGitLab }) : []),
    ...(azure && flux ? relayNamespaceChecks(azure, flux, gitlab) : []),
    ...(gitlabVariables ? [unused("gitlabVariables", "sopsloop:gitlab")] : []),
    ...(relayReadToken !== undefined && !(azure ? azure.relay : sections.hasAzure)
      ? [unused("relayReadToken", "azure.relay")]
      : []),
  ];
}

function unused(key: string, user: string): string {
  return `${configPath([key])}: is set, but nothing uses it; add ${user} or run pulumi config rm ${configPath([key])}`;
}

function fluxChecks(flux: FluxSettings, alertAddress: string | undefined): string[] {
  return [
    ...decryptorChecks(flux),
    ...decryptorAccountChecks(flux),
    ...sourceChecks(flux),
    ...kustomizationChecks(flux),
    ...controllerArgChecks(flux),
    ...alertChecks(flux, alertAddress),
  ];
}

/** Under the guide's one name two stacks would take turns to write different policies. */
function guideChecks({ guide, transit }: VaultSettings): string[] {
  if (!guide || isGuideKey(transit)) return [];
  return [
    `${configPath(["vault", "guide"])}: is true, but the guide's policy is about ${GUIDE_KEY.mount}/${GUIDE_KEY.key} and vault.transit about ${transit.mount}/${transit.key}; remove guide, or remove mount and key from vault.transit`,
  ];
}

function apiServerChecks({ auth }: VaultSettings, kubernetes: KubernetesSettings): string[] {
  const host = configPath(["kubernetes", "host"]);
  const ca = configPath(["kubernetes", "ca"]);
  if (auth.method === "jwt") {
    return [
      ...(kubernetes.host ? [`${host}: is set, but only auth.method kubernetes uses it; remove it`] : []),
      ...(kubernetes.ca
        ? [
            `${ca}: is set, but only auth.method kubernetes uses it; remove it, or move it to vault.auth.keys.ca if it signed the issuer's certificate`,
          ]
        : []),
    ];
  }
  if (auth.reviewer.mode === "token" && !kubernetes.host) {
    return [
      `${host}: is missing; with auth.reviewer.mode token set it to the API server's URL as Vault reaches it`,
    ];
  }
  if (auth.reviewer.mode === "in-cluster" && kubernetes.ca) {
    return [
      `${ca}: is set, but an in-cluster reviewer reads the CA of its own pod; remove it, or set auth.reviewer.mode to token`,
    ];
  }
  return [];
}

function adoptionChecks(vault: VaultSettings): string[] {
  const path = configPath(["adopt"]);
  if (vault.auth.method !== "kubernetes") {
    return [
      `${path}: needs vault.auth.method kubernetes, as the guide sets it up; adopt with that method first and change it in a later update`,
    ];
  }
  // The policy of a key that is not the guide's stays as it is, whoever adopts the key.
  if (!vault.guide && isGuideKey(vault.transit)) {
    return [
      `${path}: takes over the guide's policy and role, which vault.guide false leaves out; set vault.guide to true`,
    ];
  }
  return [];
}

/** Vault stores role names in lower case, so two accounts that differ only in case would share one role. */
function decryptorChecks(flux: FluxSettings): string[] {
  const owners = new Map<string, string>();
  return Object.entries(flux.decryptors).flatMap(([key, { namespace, serviceAccount, createNamespace }]) => {
    const path = configPath(["flux", "decryptors", key]);
    const account = `${namespace}/${serviceAccount}`;
    const owner = owners.get(account.toLowerCase());
    owners.set(account.toLowerCase(), owner ?? key);
    const lines: string[] = [];
    if (owner)
      lines.push(
        `${path}: is ${account}, which ${owner} is already; remove one and point its kustomizations to the other`,
      );
    if (createNamespace && namespace === flux.namespace) {
      lines.push(
        `${path}.createNamespace: is true for ${namespace}, where Flux itself runs; set it to false`,
      );
    }
    return lines;
  });
}

function sourceChecks({ source }: FluxSettings): string[] {
  if (!isSsh(source.url) || source.secretRef) return [];
  return [
    `${configPath(["flux", "source", "secretRef"])}: is missing, and over ssh nothing can be cloned without a key; make a Secret with flux create secret git and name it here`,
  ];
}

function kustomizationChecks(flux: FluxSettings): string[] {
  const known = Object.keys(flux.decryptors);
  return Object.entries(flux.kustomizations)
    .filter(([, { decryptor }]) => !known.includes(decryptor))
    .map(([key, { decryptor }]) => {
      const guess = nearest(decryptor, known);
      const mend = guess ? `did you mean ${guess}?` : `known are ${known.join(", ")}`;
      return `${configPath(["flux", "kustomizations", key, "decryptor"])}: is "${decryptor}", which is not under flux.decryptors; ${mend}`;
    });
}

function alertChecks({ alerts }: FluxSettings, alertAddress: string | undefined): string[] {
  if (alerts && !alertAddress) {
    return [
      `${configPath(["alertAddress"])}: is missing, and flux.alerts needs it; run pulumi config set --secret ${configPath(["alertAddress"])}`,
    ];
  }
  if (!alerts && alertAddress) {
    return [
      `${configPath(["alertAddress"])}: is set, but nothing uses it; add flux.alerts or run pulumi config rm ${configPath(["alertAddress"])}`,
    ];
  }
  return [];
}
