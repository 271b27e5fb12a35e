import { isObject } from "../../preview-comment/secrets/pulumi-values";
import type { Identity } from "../report-schema";
import type { AuditOutput } from "../source/audit-output";
import type { StackReading } from "../source/stack-reading";
import type { StateResource } from "../source/state-resource";
import { type Facts, textAt } from "./facts";
import { serviceAccount } from "./identities";

const KUSTOMIZATION = "kubernetes:kustomize.toolkit.fluxcd.io:Kustomization";
const GIT_REPOSITORY = "kubernetes:source.toolkit.fluxcd.io:GitRepository";

type FluxDelivery = Facts["deliveries"][number];

/** What Flux decrypts and as whom: as the output `audit` has it, and other Kustomizations of the stack that decrypt. */
export function deliveriesOf(
  { resources }: StackReading,
  { decryption }: AuditOutput,
): Pick<Facts, "deliveries" | "decryptors"> {
  const found = new Map<string, [FluxDelivery, Identity]>();
  for (const state of resources.filter(({ type }) => type === KUSTOMIZATION)) {
    const delivery = ofResource(state, resources);
    if (delivery) found.set(delivery[0].name, delivery);
  }
  for (const { kustomization, namespace, serviceAccount: account, ...told } of decryption) {
    const who = serviceAccount(namespace, account);
    const { path: folder, source, branch, targetNamespace } = told;
    const name = `${namespace}/${kustomization}`;
    found.set(name, [{ name, identity: who.id, folder, source, branch, namespace: targetNamespace }, who]);
  }
  const all = [...found.values()];
  return { deliveries: all.map(([delivery]) => delivery), decryptors: all.map(([, who]) => who) };
}

function ofResource(
  { values }: StateResource,
  resources: readonly StateResource[],
): [FluxDelivery, Identity] | undefined {
  const { metadata, spec } = values;
  if (!isObject(metadata) || !isObject(spec) || !isObject(spec.decryption)) return undefined;
  const namespace = textAt(metadata, "namespace") ?? "default";
  // Whom it names; else the controller decrypts as itself, and that runs where Flux does.
  const account = textAt(spec.decryption, "serviceAccountName");
  const source = isObject(spec.sourceRef) ? spec.sourceRef : {};
  const sourceNamespace = textAt(source, "namespace") ?? namespace;
  const who =
    account === undefined
      ? serviceAccount(sourceNamespace, "kustomize-controller")
      : serviceAccount(namespace, account);
  const repository = resources.find(({ type, values: { metadata: found } }) => {
    if (type !== GIT_REPOSITORY || !isObject(found)) return false;
    return textAt(found, "name") === textAt(source, "name") && textAt(found, "namespace") === sourceNamespace;
  });
  const fetched = isObject(repository?.values.spec) ? repository.values.spec : {};
  const delivery = {
    name: `${namespace}/${textAt(metadata, "name") ?? ""}`,
    identity: who.id,
    folder: textAt(spec, "path") ?? "./",
    source: textAt(fetched, "url") ?? textAt(source, "name") ?? "",
    branch: (isObject(fetched.ref) ? textAt(fetched.ref, "branch") : undefined) ?? "",
    namespace: textAt(spec, "targetNamespace") ?? null,
  };
  return [delivery, who];
}
