import { until } from "../processes/until";
import type { DeployClone } from "./deploy-clone";
import type { FluxState } from "./flux-state";
import type { Sopsloop } from "./sopsloop";

/** How the files were rewrapped, and as which commit Flux has them. */
export interface Rewrap {
  readonly commit: string;
  /** What there is to say of it. */
  readonly line: string;
}

const DELIVERY_MS = 90_000;

/** The command in a clone, by an identity that cannot decrypt. Flux is asked to look, as `flux reconcile` does. */
export async function rewrapByHand(
  command: Sopsloop,
  policy: string,
  flux: FluxState,
  clone: DeployClone,
): Promise<Rewrap> {
  await command.succeed("rewrap", "--push");
  const commit = await clone.head();
  const limits = { timeoutMs: DELIVERY_MS, hint: () => flux.explain() };
  await flux.fetchNow();
  await until(async () => ((await flux.hasFetched(commit)) ? true : undefined), {
    ...limits,
    what: "Flux to fetch the rewrapped files",
  });
  await flux.applyNow();
  await until(async () => ((await flux.hasApplied(commit)) ? true : undefined), {
    ...limits,
    what: "Flux to apply the rewrapped files",
  });
  return {
    commit,
    line: `sopsloop rewrap, as ${policy}, which cannot decrypt: commit ${commit.slice(0, 10)}`,
  };
}
