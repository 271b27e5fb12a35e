import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { TokenReviewer } from "../../../components/kubernetes/token-reviewer";
import { KubernetesLogin, type KubernetesLoginArgs } from "../../../components/vault/kubernetes-login";
import { childrenOf, outputsOf } from "../harness";
import { EVERYTHING, NOTHING } from "./take-overs";

const args: KubernetesLoginArgs = {
  mount: "kubernetes",
  host: "https://10.0.0.1:6443",
  decryptors: { default: { namespace: "flux-system", serviceAccount: "kustomize-controller" } },
  audience: "https://vault.example.com:8200",
  policy: "sops-flux-decrypt",
  tokenTtl: 600,
  existing: NOTHING,
};
const guide = { policy: "flux-sops-policy", fluxNamespace: "flux-system" };
const reviewer = () => ({ jwt: pulumi.secret("reviewer-jwt"), caPem: pulumi.output("ca-pem") });

test("in the cluster: no reviewer token and no CA, read from the pod", async () => {
  expect(await childrenOf(() => new KubernetesLogin("flux", args))).toMatchInlineSnapshot(`
    [
      "vault:index/authBackend:AuthBackend flux-auth {"description":"by-test","path":"kubernetes","type":"kubernetes"}",
      "vault:kubernetes/authBackendConfig:AuthBackendConfig flux-auth-config {"backend":"kubernetes","disableIssValidation":true,"disableLocalCaJwt":false,"kubernetesHost":"https://10.0.0.1:6443"}",
      "vault:kubernetes/authBackendRole:AuthBackendRole flux-role-flux-system_kustomize-controller {"audience":"https://vault.example.com:8200","backend":"kubernetes","boundServiceAccountNames":["kustomize-controller"],"boundServiceAccountNamespaces":["flux-system"],"roleName":"flux-system_kustomize-controller","tokenNoDefaultPolicy":true,"tokenPolicies":["sops-flux-decrypt"],"tokenTtl":600,"tokenType":"batch"}",
    ]
  `);
});

test("outside of the cluster: the reviewer's token, as a secret, with its CA", async () => {
  const lines = await childrenOf(() => new KubernetesLogin("flux", { ...args, reviewer: reviewer() }));
  expect(lines.filter((line) => line.includes("AuthBackendConfig"))).toMatchInlineSnapshot(`
    [
      "vault:kubernetes/authBackendConfig:AuthBackendConfig flux-auth-config {"backend":"kubernetes","disableIssValidation":true,"disableLocalCaJwt":true,"kubernetesCaCert":"ca-pem","kubernetesHost":"https://10.0.0.1:6443","tokenReviewerJwt":{"secret":"reviewer-jwt"}}",
    ]
  `);
});

test("one role for each decryptor, named as Flux asks for it, and the guide's as the guide has it", async () => {
  const decryptors = { ...args.decryptors, apps: { namespace: "apps", serviceAccount: "sops" } };
  const lines = await childrenOf(() => new KubernetesLogin("flux", { ...args, decryptors, guide }));
  expect(lines.filter((line) => line.includes("AuthBackendRole"))).toMatchInlineSnapshot(`
    [
      "vault:kubernetes/authBackendRole:AuthBackendRole flux-role-apps_sops {"audience":"https://vault.example.com:8200","backend":"kubernetes","boundServiceAccountNames":["sops"],"boundServiceAccountNamespaces":["apps"],"roleName":"apps_sops","tokenNoDefaultPolicy":true,"tokenPolicies":["sops-flux-decrypt"],"tokenTtl":600,"tokenType":"batch"}",
      "vault:kubernetes/authBackendRole:AuthBackendRole flux-role-flux-system_kustomize-controller {"audience":"https://vault.example.com:8200","backend":"kubernetes","boundServiceAccountNames":["kustomize-controller"],"boundServiceAccountNamespaces":["flux-system"],"roleName":"flux-system_kustomize-controller","tokenNoDefaultPolicy":true,"tokenPolicies":["sops-flux-decrypt"],"tokenTtl":600,"tokenType":"batch"}",
      "vault:kubernetes/authBackendRole:AuthBackendRole flux-role-of-guide {"backend":"kubernetes","boundServiceAccountNames":["source-controller","kustomize-controller"],"boundServiceAccountNamespaces":["flux-system"],"roleName":"flux-sops-role","tokenPolicies":["flux-sops-policy"],"tokenTtl":86400}",
    ]
  `);
});

test("adoption imports the auth method, its config and the guide's role", async () => {
  const lines = await childrenOf(() => new KubernetesLogin("flux", { ...args, guide, existing: EVERYTHING }));
  expect(lines.map((line) => line.split(" {")[0])).toEqual([
    "vault:index/authBackend:AuthBackend flux-auth import=kubernetes",
    "vault:kubernetes/authBackendConfig:AuthBackendConfig flux-auth-config import=auth/kubernetes/config",
    "vault:kubernetes/authBackendRole:AuthBackendRole flux-role-flux-system_kustomize-controller",
    "vault:kubernetes/authBackendRole:AuthBackendRole flux-role-of-guide import=auth/kubernetes/role/flux-sops-role",
  ]);
});

test("registers the login path and every role", async () => {
  expect(await outputsOf(() => new KubernetesLogin("flux", { ...args, guide }))).toMatchInlineSnapshot(`
    {
      "loginPath": "auth/kubernetes/login",
      "roles": [
        {
          "audience": "https://vault.example.com:8200",
          "auth": "auth/kubernetes",
          "name": "flux-system_kustomize-controller",
          "namespaces": [
            "flux-system",
          ],
          "policies": [
            "sops-flux-decrypt",
          ],
          "serviceAccounts": [
            "kustomize-controller",
          ],
          "tokenType": "batch",
          "ttlSeconds": 600,
        },
        {
          "audience": null,
          "auth": "auth/kubernetes",
          "name": "flux-sops-role",
          "namespaces": [
            "flux-system",
          ],
          "policies": [
            "flux-sops-policy",
          ],
          "serviceAccounts": [
            "kustomize-controller",
            "source-controller",
          ],
          "tokenType": "default",
          "ttlSeconds": 86400,
        },
      ],
    }
  `);
});

test("in preview a reviewer token that is not there yet stays unknown", async () => {
  const make = () => {
    const { jwt, caPem } = new TokenReviewer("reviewer", {
      namespace: "flux-system",
      serviceAccount: "reviewer",
    });
    new KubernetesLogin("flux", { ...args, reviewer: { jwt, caPem } });
  };
  const lines = await childrenOf(make, { preview: true });
  expect(lines.filter((line) => line.includes("AuthBackendConfig"))).toMatchInlineSnapshot(`
    [
      "vault:kubernetes/authBackendConfig:AuthBackendConfig flux-auth-config {"backend":"kubernetes","disableIssValidation":true,"disableLocalCaJwt":true,"kubernetesCaCert":"unknown","kubernetesHost":"https://10.0.0.1:6443","tokenReviewerJwt":"unknown"}",
    ]
  `);
});
