import type { Kind } from "./kind";

/** What can be wrong in the cluster: who can become a decryptor, and what Flux decrypts. */
export const KUBERNETES_KINDS = {
  "kubernetes-token-request": {
    severity: "critical",
    means:
      "Somebody beside Flux may have tokens made for an account that decrypts, and so log in to Vault as it.",
    mend: "kubectl delete the binding, or take serviceaccounts/token out of its role",
  },
  "kubernetes-impersonates": {
    severity: "critical",
    means: "Somebody beside Flux may act as an account that decrypts.",
    mend: "kubectl delete the binding, or take impersonate out of its role",
  },
  "kubernetes-runs-as-decryptor": {
    severity: "medium",
    means:
      "Somebody beside Flux may start pods, change what runs in them, or run commands in them, where an account that decrypts lives.",
    mend: "kubectl delete the binding, or take pods and what makes them out of its role",
  },
  "kubernetes-makes-token-secret": {
    severity: "high",
    means:
      "Somebody beside Flux may make Secrets where an account that decrypts lives: Kubernetes puts a token without an end into one that names the account.",
    mend: "kubectl delete the binding, or take create on secrets out of its role",
  },
  "kubernetes-steers-flux": {
    severity: "high",
    means:
      "Somebody beside Flux may change what is decrypted and applied: by a Kustomization of his own, or by where Flux takes a repository from.",
    mend: "kubectl delete the binding, or take Flux's kinds out of its role",
  },
  "kubernetes-escalates": {
    severity: "medium",
    means:
      "Somebody beside Flux may give himself any right in the cluster, or where an account that decrypts lives: its tokens among them.",
    mend: "kubectl delete the binding",
  },
  "kubernetes-deployer": {
    severity: "medium",
    means:
      "Somebody has a role of docs/deployer-clusterrole.yaml, and with it can become an account that decrypts: he makes what Flux applies.",
    mend: "see that only the deployer has it; else kubectl delete the binding",
  },
  "kubernetes-reads-secrets": {
    severity: "medium",
    means:
      "Somebody beside Flux may read the Secrets of Flux's namespace: the reviewer's token, the receiver's.",
    mend: "kubectl delete the binding, or take secrets out of its role",
  },
  "kubernetes-lasting-token": {
    severity: "high",
    means: "A Secret holds a token without an end of an account that decrypts.",
    mend: "kubectl delete secret NAME; make short-lived ones with kubectl create token",
  },
  "kubernetes-reviewer-rights": {
    severity: "high",
    means: "The account whose token Vault keeps may do more than review tokens.",
    mend: "kubectl delete the binding",
  },
  "kubernetes-network-policy": {
    severity: "medium",
    means: "A network policy that the program made is gone, or another lets every pod of Flux out.",
    mend: "kubectl -n flux-system get networkpolicies; pulumi up --refresh",
  },
  "flux-controller-changed": {
    severity: "high",
    means: "kustomize-controller runs with other settings than the program gave it.",
    mend: "kubectl -n flux-system get deployment kustomize-controller -o yaml; pulumi up --refresh",
  },
  "flux-vault-untrusted": {
    severity: "high",
    means:
      "kustomize-controller does not check who it sends its login to, or trusts another CA than Vault's.",
    mend: "kubectl -n flux-system get deployment kustomize-controller -o yaml; pulumi up --refresh",
  },
  "flux-vault-address": {
    severity: "high",
    means: "Flux is told of another Vault, or another way to log in, than declared.",
    mend: "kubectl -n flux-system get configmap sopsloop-vault -o yaml; pulumi up --refresh",
  },
  "flux-kustomization-undeclared": {
    severity: "high",
    means: "A Kustomization that the program does not know decrypts.",
    mend: "kubectl -n NAMESPACE delete kustomization NAME, or declare it in sopsloop:flux.kustomizations",
  },
  "flux-kustomization-account": {
    severity: "high",
    means: "A Kustomization decrypts as another account than declared.",
    mend: "pulumi up --refresh",
  },
  "flux-kustomization-static-key": {
    severity: "high",
    means: "A Kustomization decrypts by a key that lies in a Secret.",
    mend: "take spec.decryption.secretRef out; pulumi up --refresh",
  },
  "flux-source-changed": {
    severity: "critical",
    means: "What is decrypted and applied comes from another repository, branch or folder than declared.",
    mend: "pulumi up --refresh",
  },
} as const satisfies Readonly<Record<string, Kind>>;
