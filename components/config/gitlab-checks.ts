import type { FluxSettings } from "./flux";
import { branchName, type GitLabSettings } from "./gitlab";
import { configPath } from "./problems";
import { longestPause, sweepLimit } from "./sweep";
import type { VaultSettings } from "./vault";

/** What the GitLab section alone cannot tell. */
export function gitlabChecks(gitlab: GitLabSettings, vault: VaultSettings, flux: FluxSettings): string[] {
  return [...mountChecks(gitlab, vault), ...branchChecks(flux), ...sweepChecks(gitlab, vault)];
}

/** Two issuers cannot share one auth method. */
function mountChecks({ authMount }: GitLabSettings, { auth }: VaultSettings): string[] {
  if (authMount !== auth.mount) return [];
  return [
    `${configPath(["gitlab", "authMount"])}: is ${authMount}, where Flux logs in (vault.auth.mount); set it to another path such as gitlab`,
  ];
}

function branchChecks({ source }: FluxSettings): string[] {
  if (branchName.safeParse(source.branch).success) return [];
  return [
    `${configPath(["flux", "source", "branch"])}: is "${source.branch}", which pipelines cannot be bound to; use letters, digits, dots, dashes, underscores and slashes only`,
  ];
}

function sweepChecks({ sweep }: GitLabSettings, { transit }: VaultSettings): string[] {
  // The default keeps to the limit, and to walk through a year takes as long as the rest of a preview's own work.
  if (sweep.cron === undefined) return [];
  const limit = sweepLimit(transit.autoRotatePeriod);
  if (longestPause(sweep.cron, sweep.timezone) <= limit) return [];
  const why =
    limit === 3600
      ? "Vault rotates the key by itself (vault.transit.autoRotatePeriod) and tells nobody, so look at least every hour"
      : "look at least once a day";
  return [
    `${configPath(["gitlab", "sweep", "cron"])}: is "${sweep.cron}", which pauses for too long; ${why}`,
  ];
}
