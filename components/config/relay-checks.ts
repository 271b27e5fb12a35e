import type { AzureSettings } from "./azure";
import type { GitLabSettings } from "./gitlab";
import { configPath, nearest } from "./problems";

/** GitLab's section, as far as it could be read. */
export interface AroundRelay {
  readonly gitlab?: GitLabSettings | undefined;
  /** Whether there is a GitLab section, be it with errors. */
  readonly hasGitLab: boolean;
}

/** What `azure.relay` alone cannot tell. */
export function relayChecks(azure: AzureSettings, { gitlab, hasGitLab }: AroundRelay): string[] {
  return [
    ...vaultChecks(azure),
    ...uploadChecks(azure),
    ...(gitlab ? caChecks(azure, gitlab) : []),
    ...(hasGitLab ? [] : withoutGitLab(azure)),
  ];
}

function vaultChecks({ relay, vaults }: AzureSettings): string[] {
  const known = Object.keys(vaults);
  if (relay?.vault === undefined || known.includes(relay.vault)) return [];
  const guess = nearest(relay.vault, known);
  const mend = guess ? `did you mean ${guess}?` : `known are ${known.join(", ")}`;
  return [
    `${configPath(["azure", "relay", "vault"])}: is "${relay.vault}", which is not under azure.vaults; ${mend}`,
  ];
}

/**
 * The deployer uploads an app's code past the firewall of an account that the same update makes: no private endpoint can be there yet, and
 * nobody else fits into the app's own subnet, which is delegated. So he has to be named, by one list or another.
 */
function uploadChecks({ relay, network }: AzureSettings): string[] {
  if (!relay || !("functionApp" in relay)) return [];
  const named = [relay, network].flatMap(({ allowedIps, allowedSubnets }) => [
    ...allowedIps,
    ...allowedSubnets,
  ]);
  if (named.length > 0) return [];
  return [
    `${configPath(["azure", "relay", "allowedIps"])}: is missing, and the app's code could not be uploaded to the storage account, which lets nobody in who is not named; set it to the deployer's public address, or azure.relay.allowedSubnets to its subnet`,
  ];
}

/** The Functions host has no place for a CA of one's own. */
function caChecks({ relay }: AzureSettings, { ca }: GitLabSettings): string[] {
  if (!relay || !("functionApp" in relay) || !ca) return [];
  return [
    `${configPath(["gitlab", "ca"])}: is set, but the relay as a function app trusts public CAs only; use azure.relay.deployment instead of name and subnetId, or remove ca if GitLab's certificate is a public CA's`,
  ];
}

function withoutGitLab({ relay }: AzureSettings): string[] {
  if (!relay) return [];
  return [
    `${configPath(["azure", "relay"])}: is set, but there is no GitLab whose pipelines it could start; add sopsloop:gitlab, or remove relay`,
  ];
}
