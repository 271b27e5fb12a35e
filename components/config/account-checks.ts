import { CONTROLLER } from "../flux/controller-patch";
import type { FluxSettings } from "./flux";
import { configPath } from "./problems";
import type { VaultSettings } from "./vault";

interface Account {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** Flux's other controllers. Each runs as a service account of its own name in Flux's namespace. */
const OTHER_CONTROLLERS: readonly string[] = [
  "source-controller",
  "helm-controller",
  "notification-controller",
  "image-automation-controller",
  "image-reflector-controller",
  "source-watcher",
];

/** Whoever else runs as a decryptor may log in as it. The program also makes the account, without a token for its pods. */
export function decryptorAccountChecks({ namespace, decryptors }: FluxSettings): string[] {
  return Object.entries(decryptors).flatMap(([key, account]) => {
    const user = otherUserOf(account, namespace, OTHER_CONTROLLERS);
    if (!user) return [];
    const path = configPath(["flux", "decryptors", key, "serviceAccount"]);
    return [
      `${path}: is ${account.serviceAccount}, which ${user}; name an account that only decrypts, or ${CONTROLLER.serviceAccount} in ${namespace}`,
    ];
  });
}

/** Whoever holds the reviewer's token may review for the whole cluster: it must be nobody else's account. */
export function reviewerAccountChecks({ auth }: VaultSettings, flux: FluxSettings): string[] {
  if (auth.method !== "kubernetes" || auth.reviewer.mode !== "token") return [];
  const { serviceAccount, namespace = flux.namespace } = auth.reviewer;
  const path = configPath(["vault", "auth", "reviewer", "serviceAccount"]);
  const mend = "name an account for the reviewer alone, such as vault-token-reviewer";
  const controllers = [...OTHER_CONTROLLERS, CONTROLLER.serviceAccount];
  const user = otherUserOf({ namespace, serviceAccount }, flux.namespace, controllers);
  if (user) return [`${path}: is ${serviceAccount}, which ${user}; ${mend}`];
  const decryptor = Object.entries(flux.decryptors).find(
    ([, account]) => account.namespace === namespace && account.serviceAccount === serviceAccount,
  );
  if (!decryptor) return [];
  return [
    `${path}: is ${namespace}/${serviceAccount}, which decrypts as flux.decryptors.${decryptor[0]}; ${mend}`,
  ];
}

/** Who else runs as an account, in words that follow "which"; undefined where nobody is known to. */
function otherUserOf(
  { namespace, serviceAccount }: Account,
  fluxNamespace: string,
  controllers: readonly string[],
): string | undefined {
  if (serviceAccount === "default") return `every pod of ${namespace} without an account of its own runs as`;
  return namespace === fluxNamespace && controllers.includes(serviceAccount)
    ? "Flux's controller of that name runs as"
    : undefined;
}
