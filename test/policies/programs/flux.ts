import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";

new CustomResource("source", {
  apiVersion: "source.toolkit.fluxcd.io/v1",
  kind: "GitRepository",
  metadata: { name: "deploy", namespace: "flux-system" },
  spec: { url: "http://git.example.com/team/deploy.git", interval: "1m" },
});
new CustomResource("kustomization", {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name: "apps", namespace: "flux-system" },
  spec: {
    sourceRef: { kind: "GitRepository", name: "deploy" },
    interval: "10m",
    prune: false,
    decryption: { provider: "sops", secretRef: { name: "sops-vault-token" } },
  },
});
