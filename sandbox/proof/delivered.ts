import { until } from "../processes/until";
import type { KubeApi } from "../servers/kube-api";
import { FluxState } from "./flux-state";
import { type ProofSecret, secretValue } from "./proof-secret";

/** A commit with an encrypted Secret, and what has to come of it. */
export interface Delivery {
  /** URL of the deploy repository, as Flux has it. */
  readonly repository: string;
  readonly commit: string;
  readonly secret: ProofSecret;
  readonly password: string;
  /** What is different this time, for the message when it does not come: ", with Azure down". */
  readonly when?: string;
}

const DELIVERY_MS = 90_000;

/** Flux looks at its own intervals; it is asked to look now, so that it takes seconds. Throws a SandboxError where it got stuck. */
export async function untilDelivered(api: KubeApi, delivery: Delivery): Promise<void> {
  const { repository, commit, secret, password, when = "" } = delivery;
  const flux = new FluxState(api, repository);
  const limits = { timeoutMs: DELIVERY_MS, hint: () => flux.explain() };
  const yes = (done: boolean) => (done ? true : undefined);
  await flux.fetchNow();
  await until(async () => yes(await flux.hasFetched(commit)), {
    ...limits,
    what: "Flux to fetch the commit",
  });
  await flux.applyNow();
  await until(async () => yes((await secretValue(api, secret)) === password), {
    ...limits,
    what: `the decrypted Secret in the cluster${when}`,
  });
}
