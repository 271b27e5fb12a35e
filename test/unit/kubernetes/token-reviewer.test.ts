import { expect, test } from "vitest";
import { TokenReviewer } from "../../../components/kubernetes/token-reviewer";
import { childrenOf, outputsOf } from "../harness";

const make = () =>
  new TokenReviewer("reviewer", { namespace: "flux-system", serviceAccount: "vault-token-reviewer" });
const base64 = (text: string) => Buffer.from(text).toString("base64");
const computed = {
  "kubernetes:core/v1:Secret": { data: { token: base64("the-jwt"), "ca.crt": base64("the-ca") } },
};

test("makes an account that may only review tokens, and a token that lasts", async () => {
  expect(await childrenOf(make, { computed })).toMatchInlineSnapshot(`
    [
      "kubernetes:core/v1:Secret reviewer-token {"apiVersion":"v1","kind":"Secret","metadata":{"annotations":{"kubernetes.io/service-account.name":"vault-token-reviewer"},"name":"vault-token-reviewer","namespace":"flux-system"},"type":"kubernetes.io/service-account-token"}",
      "kubernetes:core/v1:ServiceAccount reviewer-account {"apiVersion":"v1","automountServiceAccountToken":false,"kind":"ServiceAccount","metadata":{"name":"vault-token-reviewer","namespace":"flux-system"}}",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding reviewer-binding {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"flux-system-vault-token-reviewer"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"system:auth-delegator"},"subjects":[{"kind":"ServiceAccount","name":"vault-token-reviewer","namespace":"flux-system"}]}",
    ]
  `);
});

test("the token is a secret, the CA is not", async () => {
  expect(await outputsOf(make, { computed })).toEqual({ jwt: { secret: "the-jwt" }, caPem: "the-ca" });
});

test("in preview there is no token yet", async () => {
  expect(await outputsOf(make, { preview: true })).toMatchInlineSnapshot(`
    {
      "caPem": "unknown",
      "jwt": "unknown",
    }
  `);
});
