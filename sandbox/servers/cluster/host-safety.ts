import { isAbsolute, sep } from "node:path";
import type { V1Container } from "@kubernetes/client-node";
import type { PodImage } from "./pod-image";
import { PodNotReady } from "./pod-source";

/**
 * What a Deployment may set. Everything else is refused, because here it would reach programs of the host: git, ssh and
 * the SDKs of clouds can all be told by a variable to run a command.
 */
const VARIABLES = /^(RUNTIME_NAMESPACE|TUF_ROOT|GO(MAXPROCS|MEMLIMIT|GC)|SOPS_HC_VAULT_ALLOWLIST|VAULT_\w+)$/;
const PROXY = /^(https?|no)_proxy$/i;
const CERTIFICATES = /^SSL_CERT_(FILE|DIR)$/;

/** Set for every pod, whatever its Deployment says. */
const OURS: ReadonlySet<string> = new Set([
  "PATH",
  "HOME",
  "TMPDIR",
  "KUBECONFIG",
  "KUBERNETES_SERVICE_HOST",
  "KUBERNETES_SERVICE_PORT",
]);

/** With the first a process is somebody else; with the others a kubeconfig from the cluster runs commands of the host. */
const FLAGS: ReadonlySet<string> = new Set([
  "kubeconfig",
  "insecure-kubeconfig-exec",
  "insecure-kubeconfig-tls",
]);

/**
 * A container keeps a process from the host; here only these rules do. Whoever may push to the deploy repository decides
 * what a Deployment says, and must not become the person who runs the sandbox. Throws PodNotReady.
 *
 * @param args with the container's paths replaced by the host's.
 * @param folder of the pod, with its volumes.
 * @param known further variables that this image may be given.
 */
export function refuseUnsafe(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  folder: string,
  known: RegExp,
): void {
  for (const arg of args) {
    const [, flag, value] = /^-+([^=]+)=?(.*)$/s.exec(arg) ?? [];
    if (flag !== undefined && FLAGS.has(flag)) throw new PodNotReady(`the sandbox does not take --${flag}`);
    if (leaves(value ?? arg, folder)) {
      throw new PodNotReady(`the path in ${arg} lies in no volume of the pod; mount one there`);
    }
  }
  for (const name of Object.keys(variables)) {
    if (OURS.has(name) || [VARIABLES, PROXY, CERTIFICATES, known].some((pattern) => pattern.test(name)))
      continue;
    throw new PodNotReady(
      `the sandbox does not take the variable ${name}: it may reach programs of the host`,
    );
  }
}

/** An image starts here what it stands for, and nothing else that a container may ask for. Throws PodNotReady. */
export function refuseOtherProgram({ command = [] }: V1Container, { name, program }: PodImage): void {
  const wanted = program === undefined ? [] : [program];
  if (JSON.stringify(command) === JSON.stringify(wanted)) return;
  const right = program === undefined ? "without a command" : `by the command ${JSON.stringify(wanted)}`;
  throw new PodNotReady(`the sandbox runs ${name} ${right} only`);
}

function leaves(path: string, folder: string): boolean {
  return path.split(sep).includes("..") || (isAbsolute(path) && !path.startsWith(`${folder}${sep}`));
}
