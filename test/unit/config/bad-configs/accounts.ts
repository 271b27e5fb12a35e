import type { BadConfig } from "./bad-config";

const SOPS = { namespace: "apps", serviceAccount: "sops" };
const reviewer = (account: object) => ({
  "vault.auth.reviewer": { mode: "token", ...account },
  "kubernetes.host": "https://10.0.0.1:6443",
});
const MEND = "name an account for the reviewer alone, such as vault-token-reviewer";

/** The service accounts: who decrypts, and who reviews. */
export const ACCOUNTS: readonly BadConfig[] = [
  [
    { "flux.decryptors.default.serviceAccount": "Kustomize-Controller" },
    'sopsloop:flux.decryptors.default.serviceAccount: is "Kustomize-Controller"; set it to a Kubernetes name: lower-case letters, digits, dashes and dots',
  ],
  [
    { "flux.decryptors.default.createNamespace": true },
    "sopsloop:flux.decryptors.default.createNamespace: is true for flux-system, where Flux itself runs; set it to false",
  ],
  [
    { "flux.decryptors.a": SOPS, "flux.decryptors.b": SOPS },
    "sopsloop:flux.decryptors.b: is apps/sops, which a is already; remove one and point its kustomizations to the other",
  ],
  [
    { "flux.decryptors.Team_A": SOPS },
    "sopsloop:flux.decryptors.Team_A: is not a usable name; use lower-case letters, digits and dashes",
  ],

  [
    { "flux.decryptors.apps": { namespace: "apps", serviceAccount: "default" } },
    "sopsloop:flux.decryptors.apps.serviceAccount: is default, which every pod of apps without an account of its own runs as; name an account that only decrypts, or kustomize-controller in flux-system",
  ],
  [
    { "flux.decryptors.apps": { namespace: "flux-system", serviceAccount: "helm-controller" } },
    "sopsloop:flux.decryptors.apps.serviceAccount: is helm-controller, which Flux's controller of that name runs as; name an account that only decrypts, or kustomize-controller in flux-system",
  ],
  [
    { "flux.decryptors.apps": { namespace: "flux-system", serviceAccount: "image-automation-controller" } },
    "sopsloop:flux.decryptors.apps.serviceAccount: is image-automation-controller, which Flux's controller of that name runs as; name an account that only decrypts, or kustomize-controller in flux-system",
  ],
  [
    {
      "flux.namespace": "gitops",
      "flux.decryptors.default": { namespace: "gitops", serviceAccount: "source-controller" },
    },
    "sopsloop:flux.decryptors.default.serviceAccount: is source-controller, which Flux's controller of that name runs as; name an account that only decrypts, or kustomize-controller in gitops",
  ],
  [
    reviewer({ serviceAccount: "default" }),
    `sopsloop:vault.auth.reviewer.serviceAccount: is default, which every pod of flux-system without an account of its own runs as; ${MEND}`,
  ],
  [
    reviewer({ serviceAccount: "kustomize-controller" }),
    `sopsloop:vault.auth.reviewer.serviceAccount: is kustomize-controller, which Flux's controller of that name runs as; ${MEND}`,
  ],
  [
    reviewer({ serviceAccount: "notification-controller" }),
    `sopsloop:vault.auth.reviewer.serviceAccount: is notification-controller, which Flux's controller of that name runs as; ${MEND}`,
  ],
  [
    { ...reviewer(SOPS), "flux.decryptors.team": SOPS },
    `sopsloop:vault.auth.reviewer.serviceAccount: is apps/sops, which decrypts as flux.decryptors.team; ${MEND}`,
  ],
];
