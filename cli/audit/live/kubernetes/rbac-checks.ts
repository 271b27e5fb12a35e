import { accountOfSubject } from "../../../kubernetes/account-of-subject";
import type { Finding } from "../../finding";
import type { LiveKind } from "../../kinds/kinds";
import { found } from "../found";
import { withDeployer } from "./deployer-role";
import type { Account, Binding, ClusterFacts, Subject } from "./facts";
import {
  actsAs,
  asksFor,
  countsIn,
  escalates,
  escalatesHere,
  makesSecrets,
  readsSecrets,
  runsPods,
  steers,
} from "./rbac-rights";

/** Service accounts that Flux itself brings along: what they may do is what Flux is. */
const FLUX_ACCOUNTS: ReadonlySet<string> = new Set([
  "kustomize-controller",
  "helm-controller",
  "source-controller",
  "notification-controller",
  "image-reflector-controller",
  "image-automation-controller",
  "source-watcher",
  "flux-operator",
]);

/** Groups that nobody has to be let into. */
const OPEN_GROUPS = /^system:(authenticated|unauthenticated|serviceaccounts(:.+)?)$/;

/** Who, beside Flux and Kubernetes themselves, can become an account that decrypts. */
export function rbacFindings(
  { bindings = [], fluxNamespace = "" }: ClusterFacts,
  decryptors: readonly Account[],
): Finding[] {
  return bindings.flatMap((binding) => {
    const strangers = binding.subjects
      .map(asAccount)
      .filter((subject) => !isExpected(subject, binding, fluxNamespace));
    if (strangers.length === 0) return [];
    const who = strangers.map(nameOf).join(", ");
    const tell = (id: LiveKind, what: string) =>
      found(id, binding.path, `${who} ${what}, by ${binding.roleName}`, deletion(binding));
    const deployer = () => tell("kubernetes-deployer", "is the deployer");
    if (escalates(binding)) return [tell("kubernetes-escalates", "may give any right")];
    const reached = decryptors.filter(({ namespace }) => countsIn(binding, namespace));
    const names = (accounts: readonly Account[]) =>
      accounts.map(({ namespace, name }) => `${namespace}/${name}`).join(", ");
    const asked = reached.filter((account) => asksFor(binding, account));
    const acted = reached.filter((account) => actsAs(binding, account));
    // All other rights are on what lives beside the accounts, whichever it is.
    const beside = names(reached);
    const homes = [...new Set(reached.map(({ namespace }) => namespace))].join(", ");
    const steered = steers(binding).join(", ");
    const findings = [
      ...(asked.length > 0
        ? [tell("kubernetes-token-request", `may have tokens of ${names(asked)} made`)]
        : []),
      ...(acted.length > 0 ? [tell("kubernetes-impersonates", `may act as ${names(acted)}`)] : []),
      ...(readsSecrets(binding) && countsIn(binding, fluxNamespace)
        ? [tell("kubernetes-reads-secrets", `may read Secrets of ${fluxNamespace}`)]
        : []),
      ...(reached.length === 0
        ? []
        : [
            ...(runsPods(binding) ? [tell("kubernetes-runs-as-decryptor", `may run pods as ${beside}`)] : []),
            ...(makesSecrets(binding)
              ? [tell("kubernetes-makes-token-secret", `may make Secrets with tokens of ${beside}`)]
              : []),
            ...(steered === "" ? [] : [tell("kubernetes-steers-flux", `may change ${steered} of ${homes}`)]),
            ...(escalatesHere(binding)
              ? [tell("kubernetes-escalates", `may give any right in ${homes}`)]
              : []),
          ]),
    ];
    // Open to everybody, it is nobody's own.
    return strangers.some(isOpen) ? findings : withDeployer(binding, findings, deployer);
  });
}

/** The account whose token Vault keeps does one thing. */
export function reviewerFindings({ bindings = [], lastingTokens = [] }: ClusterFacts): Finding[] {
  const has = ({ namespace, name }: Account, binding: Binding) =>
    binding.subjects
      .map(asAccount)
      .some((one) => one.kind === "ServiceAccount" && one.name === name && one.namespace === namespace);
  const reviews = ({ roleName }: Binding) => roleName === "system:auth-delegator";
  const reviewers = lastingTokens.filter(({ account }) =>
    bindings.some((binding) => reviews(binding) && has(account, binding)),
  );
  return reviewers.flatMap(({ account }) =>
    bindings
      .filter((binding) => !reviews(binding) && has(account, binding))
      .map((binding) =>
        found(
          "kubernetes-reviewer-rights",
          binding.path,
          `${account.namespace}/${account.name} has ${binding.roleName} too`,
          deletion(binding),
        ),
      ),
  );
}

/** Tokens without an end of accounts that decrypt. */
export function lastingTokenFindings(
  { lastingTokens = [] }: ClusterFacts,
  decryptors: readonly Account[],
): Finding[] {
  return lastingTokens
    .filter(({ account }) =>
      decryptors.some(({ namespace, name }) => name === account.name && namespace === account.namespace),
    )
    .map(({ secret, account }) =>
      found(
        "kubernetes-lasting-token",
        `${account.namespace}/secret/${secret}`,
        `it holds a token of ${account.namespace}/${account.name}`,
        `kubectl -n ${account.namespace} delete secret ${secret}`,
      ),
    );
}

/** To Kubernetes a service account is a user as well, and may be bound by that name. */
function asAccount(subject: Subject): Subject {
  const account = subject.kind === "User" ? accountOfSubject(subject.name) : undefined;
  return account ? { kind: "ServiceAccount", ...account } : subject;
}

function isOpen({ kind, name }: Subject): boolean {
  return kind !== "ServiceAccount" && (name === "system:anonymous" || OPEN_GROUPS.test(name));
}

function isExpected({ kind, name, namespace }: Subject, binding: Binding, fluxNamespace: string): boolean {
  if (kind !== "ServiceAccount") return name.startsWith("system:") && !isOpen({ kind, name });
  const home = namespace ?? binding.namespace;
  return home === "kube-system" || (home === fluxNamespace && FLUX_ACCOUNTS.has(name));
}

function nameOf({ kind, name, namespace }: Subject): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

function deletion({ path, namespace }: Binding): string {
  const name = path.split("/").at(-1) ?? "";
  return namespace === undefined
    ? `kubectl delete clusterrolebinding ${name}`
    : `kubectl -n ${namespace} delete rolebinding ${name}`;
}
