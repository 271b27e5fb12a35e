import type { Kubectl } from "./kubectl";

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

interface Kustomization {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: {
    readonly suspend?: boolean;
    readonly decryption?: { readonly provider?: string; readonly serviceAccountName?: string };
  };
  readonly status?: { readonly lastAppliedRevision?: string; readonly conditions?: readonly Condition[] };
}

/** A Kustomization in the cluster that decrypts by sops, and how far it has come. */
export interface Decrypting {
  /** `namespace/name` */
  readonly name: string;
  readonly suspended: boolean;
  readonly ready: boolean;
  /** What its Ready condition says. */
  readonly message: string;
  /** Such as `main@sha1:0123…`; absent before the first. */
  readonly revision?: string;
  readonly serviceAccount?: string;
}

const RESOURCE = "kustomizations.kustomize.toolkit.fluxcd.io";

/** Every Kustomization of the cluster that decrypts. @throws CliError where the cluster cannot be asked. */
export async function decryptingKustomizations(kubectl: Kubectl): Promise<readonly Decrypting[]> {
  const list = await kubectl.get<{ readonly items: readonly Kustomization[] }>([
    RESOURCE,
    "--all-namespaces",
  ]);
  return (list?.items ?? []).flatMap(({ metadata, spec, status }) => {
    if (spec.decryption?.provider !== "sops") return [];
    const condition = status?.conditions?.find(({ type }) => type === "Ready");
    return [
      {
        name: `${metadata.namespace}/${metadata.name}`,
        suspended: spec.suspend === true,
        ready: condition?.status === "True",
        message: (condition?.message ?? "not reconciled yet").replace(/\s+/g, " "),
        ...(status?.lastAppliedRevision !== undefined && { revision: status.lastAppliedRevision }),
        ...(spec.decryption.serviceAccountName !== undefined && {
          serviceAccount: spec.decryption.serviceAccountName,
        }),
      },
    ];
  });
}

/** The commit of a revision: `main@sha1:0123…`, or Flux's older `main/0123…`. */
export function commitOf(revision: string): string | undefined {
  return /(?:sha\d+:|\/)([0-9a-f]{40,64})$/.exec(revision)?.[1];
}
