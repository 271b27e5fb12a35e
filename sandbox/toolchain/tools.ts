import type { Tool } from "./tool";

const KUBERNETES = "1.36.3";
const kubernetesSettings = Object.fromEntries(
  ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((path) => [
    [`${path}.gitVersion`, `v${KUBERNETES}`],
    [`${path}.gitMajor`, "1"],
    [`${path}.gitMinor`, "36"],
  ]),
);

/** A Flux controller prints no version; that it runs is seen by its help, its version is read from the build info. */
function controller(name: string, version: string): Tool {
  const module = `github.com/fluxcd/${name}`;
  return {
    name,
    folder: name,
    module,
    version,
    binaries: [{ name, package: module, probe: ["--help"], prints: "--watch-all-namespaces" }],
  };
}

function pulumiSettings(version: string): Record<string, string> {
  return { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version };
}

/** Everything that is built, in this order: servers, controllers, the engine, what the proof works with. Versions as go.mod pins them. */
export const TOOLS: readonly Tool[] = [
  {
    name: "etcd",
    folder: "etcd",
    module: "go.etcd.io/etcd/server/v3",
    version: "v3.7.3",
    binaries: [
      {
        name: "etcd",
        package: "go.etcd.io/etcd/server/v3",
        probe: ["--version"],
        prints: "etcd Version: 3.7.3",
      },
    ],
    acceptsOnPath: /etcd Version: 3\.([7-9]|\d\d)\./,
  },
  {
    name: "kubernetes",
    folder: "kubernetes",
    module: "k8s.io/kubernetes",
    version: `v${KUBERNETES}`,
    settings: kubernetesSettings,
    binaries: [
      {
        name: "kube-apiserver",
        package: "k8s.io/kubernetes/cmd/kube-apiserver",
        probe: ["--version"],
        prints: `Kubernetes v${KUBERNETES}`,
      },
      {
        name: "kubectl",
        package: "k8s.io/kubernetes/cmd/kubectl",
        probe: ["version", "--client"],
        prints: `Client Version: v${KUBERNETES}`,
      },
    ],
    acceptsOnPath: /Kubernetes v1\.36\./,
  },
  {
    name: "vault",
    folder: "vault",
    module: "github.com/hashicorp/vault",
    version: "v1.21.2",
    // Leaves out the cloud secret engines and auth methods; Kubernetes auth is built as a plugin below.
    tags: "minimal",
    binaries: [
      { name: "vault", package: "github.com/hashicorp/vault", probe: ["version"], prints: "Vault v1.21.2" },
    ],
    acceptsOnPath: /Vault v1\.(2[1-9])\./,
  },
  {
    name: "vault-auth-kubernetes",
    folder: "vault-auth-kubernetes",
    module: "github.com/hashicorp/vault-plugin-auth-kubernetes",
    version: "v0.24.1",
    binaries: [
      {
        name: "vault-plugin-auth-kubernetes",
        package: "github.com/hashicorp/vault-plugin-auth-kubernetes/cmd/vault-plugin-auth-kubernetes",
        probe: [],
        prints: "This binary is a plugin",
      },
    ],
  },
  controller("source-controller", "v1.9.3"),
  controller("kustomize-controller", "v1.9.5"),
  controller("notification-controller", "v1.9.3"),
  {
    name: "pulumi",
    folder: "pulumi",
    module: "github.com/pulumi/pulumi/pkg/v3",
    version: "v3.256.0",
    settings: pulumiSettings("3.256.0"),
    binaries: [
      {
        name: "pulumi",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        probe: ["version"],
        prints: "3.256.0",
      },
    ],
    acceptsOnPath: /^v?3\.(25[6-9]|2[6-9]\d|[3-9]\d\d)\./,
  },
  {
    name: "pulumi-language-nodejs",
    folder: "pulumi-language-nodejs",
    module: "github.com/pulumi/pulumi/sdk/v3",
    version: "v3.68.0",
    settings: pulumiSettings("3.68.0"),
    binaries: [
      {
        name: "pulumi-language-nodejs",
        package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
        probe: ["-help"],
        prints: "Usage of",
      },
    ],
  },
  {
    name: "sops",
    folder: "sops",
    module: "github.com/getsops/sops/v3",
    version: "v3.13.3",
    binaries: [
      {
        name: "sops",
        package: "github.com/getsops/sops/v3/cmd/sops",
        probe: ["--version", "--disable-version-check"],
        prints: "sops 3.13.3",
      },
    ],
    acceptsOnPath: /sops 3\.(13\.([3-9]|\d\d)|(1[4-9]|[2-9]\d)\.)/,
  },
  {
    name: "age",
    folder: "age",
    module: "filippo.io/age",
    version: "v1.2.1",
    binaries: [
      { name: "age", package: "filippo.io/age/cmd/age", probe: ["--version"], prints: "1.2.1" },
      { name: "age-keygen", package: "filippo.io/age/cmd/age-keygen", probe: ["--version"], prints: "1.2.1" },
    ],
    acceptsOnPath: /^v?1\.([2-9]|\d\d)\./,
  },
  {
    name: "helm",
    folder: "helm",
    module: "helm.sh/helm/v3",
    version: "v3.22.0",
    binaries: [
      { name: "helm", package: "helm.sh/helm/v3/cmd/helm", probe: ["version", "--short"], prints: "v3." },
    ],
    acceptsOnPath: /^v3\.(2[2-9]|[3-9]\d)/,
  },
  {
    name: "dhall",
    folder: "dhall",
    module: "github.com/philandstuff/dhall-golang/v6",
    version: "v6.0.2",
    binaries: [
      {
        name: "dhall",
        package: "github.com/philandstuff/dhall-golang/v6/cmd",
        probe: ["--help"],
        prints: "yaml",
      },
    ],
  },
];
