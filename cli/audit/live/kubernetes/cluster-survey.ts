import { type Kubectl, reasonOf } from "../../../kubernetes/kubectl";
import { type Controller, Skip } from "../../../verify/probe";
import type { Parts } from "../parts";
import type {
  Binding,
  ClusterFacts,
  DecryptingKustomization,
  LastingToken,
  RbacRule,
  Subject,
} from "./facts";

interface Named {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

interface RoleObject extends Named {
  readonly rules?: readonly RbacRule[] | null;
}

interface BindingObject extends Named {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly Subject[];
}

interface KustomizationObject extends Named {
  readonly spec: {
    readonly path?: string;
    readonly sourceRef?: { readonly kind: string; readonly name: string; readonly namespace?: string };
    readonly decryption?: {
      readonly provider?: string;
      readonly serviceAccountName?: string;
      readonly secretRef?: { readonly name: string };
    };
  };
}

interface RepositoryObject extends Named {
  readonly spec: { readonly url: string; readonly ref?: Readonly<Record<string, string>> };
}

const FLUX = {
  kustomizations: "kustomizations.kustomize.toolkit.fluxcd.io",
  repositories: "gitrepositories.source.toolkit.fluxcd.io",
};

/** Namespace, Secret and account of each line. Never the tokens themselves. */
const TOKENS =
  '--output=jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name} {.metadata.annotations.kubernetes\\.io/service-account\\.name}{"\\n"}{end}';

/** Reads from the cluster who may do what, and what Flux decrypts; changes nothing. */
export class ClusterSurvey {
  constructor(
    private readonly kubectl: Kubectl,
    private readonly controller: () => Promise<Controller>,
    private readonly parts: Parts,
  ) {}

  async facts(): Promise<ClusterFacts> {
    const { parts } = this;
    const controller = await parts.read("kubernetes-controller", this.controller);
    return {
      fluxNamespace: controller?.namespace,
      bindings: await parts.read("kubernetes-rights", () => this.bindings()),
      kustomizations: await parts.read("flux-kustomizations", () => this.kustomizations()),
      lastingTokens: await parts.read("kubernetes-token-secrets", () => this.lastingTokens()),
    };
  }

  private async bindings(): Promise<Binding[]> {
    const [everywhere, named] = [
      await this.all<RoleObject>("clusterroles"),
      await this.all<RoleObject>("roles"),
    ];
    const rulesOf = ({ roleRef, metadata }: BindingObject): readonly RbacRule[] => {
      const role =
        roleRef.kind === "ClusterRole"
          ? everywhere.find((one) => one.metadata.name === roleRef.name)
          : named.find(
              (one) => one.metadata.name === roleRef.name && one.metadata.namespace === metadata.namespace,
            );
      return role?.rules ?? [];
    };
    const bindingOf = (binding: BindingObject): Binding => {
      const { name, namespace } = binding.metadata;
      const place = namespace === undefined ? "clusterrolebinding" : `${namespace}/rolebinding`;
      return {
        path: `${place}/${name}`,
        ...(namespace !== undefined && { namespace }),
        roleName: binding.roleRef.name,
        rules: rulesOf(binding),
        subjects: binding.subjects ?? [],
      };
    };
    return [
      ...(await this.all<BindingObject>("clusterrolebindings")),
      ...(await this.all<BindingObject>("rolebindings")),
    ].map(bindingOf);
  }

  private async kustomizations(): Promise<DecryptingKustomization[]> {
    const repositories = await this.all<RepositoryObject>(FLUX.repositories);
    const sourceOf = ({ metadata, spec }: KustomizationObject) => {
      const { kind, name, namespace = metadata.namespace } = spec.sourceRef ?? {};
      if (kind !== "GitRepository") return undefined;
      const found = repositories.find(
        (one) => one.metadata.name === name && one.metadata.namespace === namespace,
      );
      // A tag, a commit or a range of versions goes before the branch.
      const { branch = "master", ...pinned } = found?.spec.ref ?? {};
      const pins = Object.entries(pinned).map(([by, value]) => `${by} ${value}`);
      return found && { url: found.spec.url, branch: pins[0] ?? branch };
    };
    return (await this.all<KustomizationObject>(FLUX.kustomizations)).flatMap((object) => {
      const { metadata, spec } = object;
      if (spec.decryption?.provider !== "sops") return [];
      return [
        {
          namespace: metadata.namespace ?? "",
          name: metadata.name,
          serviceAccount: spec.decryption.serviceAccountName,
          secret: spec.decryption.secretRef?.name,
          path: spec.path ?? "./",
          source: sourceOf(object),
        },
      ];
    });
  }

  private async lastingTokens(): Promise<LastingToken[]> {
    const words = [
      "get",
      "secrets",
      "--all-namespaces",
      "--field-selector=type=kubernetes.io/service-account-token",
    ];
    const { code, stdout, stderr } = await this.kubectl.try([...words, TOKENS]);
    if (code !== 0) throw new Skip(`${reasonOf(stderr)}; ask for list on secrets`);
    return stdout
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => {
        const [namespace = "", secret = "", name = ""] = line.split(" ");
        return { secret, account: { namespace, name } };
      });
  }

  private async all<T>(resource: string): Promise<readonly T[]> {
    return (
      (await this.kubectl.get<{ readonly items: readonly T[] }>([resource, "--all-namespaces"]))?.items ?? []
    );
  }
}
