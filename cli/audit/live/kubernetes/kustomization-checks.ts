import type { Finding } from "../../finding";
import type { DeclaredLoop } from "../declared-loop";
import { found } from "../found";
import type { ClusterFacts, DecryptingKustomization } from "./facts";

/** What Flux decrypts, as whom, and where it comes from, against what is declared. */
export function kustomizationFindings(
  { kustomizations = [], fluxNamespace = "" }: ClusterFacts,
  { audit }: DeclaredLoop,
): Finding[] {
  return kustomizations.flatMap((live): Finding[] => {
    const { namespace, name, serviceAccount, secret } = live;
    const where = `${namespace}/kustomization/${name}`;
    const mend = `kubectl -n ${namespace} get kustomization ${name} -o yaml; pulumi up --refresh`;
    const declared = audit.decryption.find(
      (one) => one.kustomization === name && one.namespace === namespace,
    );
    // A controller without an account to ask for decrypts as itself.
    const account = serviceAccount ?? "kustomize-controller";
    const home = serviceAccount === undefined ? fluxNamespace : namespace;
    const isOurs = audit.roles.some(
      (role) => role.namespaces.includes(home) && role.serviceAccounts.includes(account),
    );
    if (!declared)
      // Another stack's, with an account of its own, is that stack's.
      return isOurs
        ? [
            found(
              "flux-kustomization-undeclared",
              where,
              `it decrypts as ${home}/${account}${live.source ? ` what ${live.source.url} has` : ""}`,
              `kubectl -n ${namespace} delete kustomization ${name}`,
            ),
          ]
        : [];
    const findings: Finding[] = [];
    if (secret !== undefined)
      findings.push(
        found("flux-kustomization-static-key", where, `its keys are in the Secret ${secret}`, mend),
      );
    if (serviceAccount !== declared.serviceAccount)
      findings.push(
        found(
          "flux-kustomization-account",
          where,
          `it decrypts as ${serviceAccount ?? "the controller"}, declared is ${declared.serviceAccount}`,
          mend,
        ),
      );
    const [is, wanted] = [
      originOf(live),
      originOf({ path: declared.path, source: { url: declared.source, branch: declared.branch } }),
    ];
    if (is !== wanted)
      findings.push(found("flux-source-changed", where, `it applies ${is}, declared is ${wanted}`, mend));
    return findings;
  });
}

function originOf({ path, source }: Pick<DecryptingKustomization, "path" | "source">): string {
  const folder = path.replace(/^\.\/|\/$/g, "");
  return source === undefined
    ? `no declared repository, folder ${folder}`
    : `${source.url}, ${source.branch}, folder ${folder}`;
}
