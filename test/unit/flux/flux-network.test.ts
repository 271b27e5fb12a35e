import { expect, test } from "vitest";
import { FluxNetwork, type FluxNetworkArgs } from "../../../components/flux/flux-network";
import { childrenOf, outputsOf } from "../harness";

const args: FluxNetworkArgs = {
  namespace: "flux-system",
  apiServer: { cidr: "10.0.0.1/32", port: 6443 },
  vault: { cidr: "10.1.0.0/24", port: 8200 },
  git: { cidr: "10.2.0.0/24", port: 443 },
  disarmStockPolicy: true,
};

test("denies everything but DNS, the API server, Vault, git and Flux's own traffic", async () => {
  expect(await childrenOf(() => new FluxNetwork("flux", args))).toMatchInlineSnapshot(`
    [
      "kubernetes:networking.k8s.io/v1:NetworkPolicy flux-api-server {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-api-server","namespace":"flux-system"},"spec":{"egress":[{"ports":[{"port":6443,"protocol":"TCP"}],"to":[{"ipBlock":{"cidr":"10.0.0.1/32"}}]}],"podSelector":{},"policyTypes":["Egress"]}}",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy flux-default-deny {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-default-deny","namespace":"flux-system"},"spec":{"podSelector":{},"policyTypes":["Ingress","Egress"]}}",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy flux-dns {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-dns","namespace":"flux-system"},"spec":{"egress":[{"ports":[{"port":53,"protocol":"UDP"},{"port":53,"protocol":"TCP"}],"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}}}]}],"podSelector":{},"policyTypes":["Egress"]}}",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy flux-git {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-git","namespace":"flux-system"},"spec":{"egress":[{"ports":[{"port":443,"protocol":"TCP"}],"to":[{"ipBlock":{"cidr":"10.2.0.0/24"}}]}],"podSelector":{"matchLabels":{"app":"source-controller"}},"policyTypes":["Egress"]}}",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy flux-internal {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-internal","namespace":"flux-system"},"spec":{"egress":[{"ports":[{"port":9090,"protocol":"TCP"}],"to":[{"podSelector":{}}]}],"ingress":[{"from":[{"podSelector":{}}],"ports":[{"port":9090,"protocol":"TCP"}]}],"podSelector":{},"policyTypes":["Ingress","Egress"]}}",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy flux-vault {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-vault","namespace":"flux-system"},"spec":{"egress":[{"ports":[{"port":8200,"protocol":"TCP"}],"to":[{"ipBlock":{"cidr":"10.1.0.0/24"}}]}],"podSelector":{"matchLabels":{"app":"kustomize-controller"}},"policyTypes":["Egress"]}}",
      "kubernetes:networking.k8s.io/v1:NetworkPolicyPatch flux-stock-egress {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"annotations":{"pulumi.com/patchForce":"true"},"name":"allow-egress","namespace":"flux-system"},"spec":{"podSelector":{"matchLabels":{"sopsloop/superseded":"true"}}}}",
    ]
  `);
});

test("alerts open one port, for the notification controller only", async () => {
  const make = () => new FluxNetwork("flux", { ...args, disarmStockPolicy: false, alertPort: 443 });
  const lines = await childrenOf(make);
  expect(lines.filter((line) => line.includes("flux-alerts"))).toMatchInlineSnapshot(`
    [
      "kubernetes:networking.k8s.io/v1:NetworkPolicy flux-alerts {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-alerts","namespace":"flux-system"},"spec":{"egress":[{"ports":[{"port":443,"protocol":"TCP"}],"to":[{"ipBlock":{"cidr":"0.0.0.0/0"}}]}],"podSelector":{"matchLabels":{"app":"notification-controller"}},"policyTypes":["Egress"]}}",
    ]
  `);
  expect(lines.filter((line) => line.includes("NetworkPolicyPatch"))).toEqual([]);
});

test("what others need is allowed to one controller each, and changes no other policy", async () => {
  const azure = { cidr: "0.0.0.0/0", port: 443 };
  const allow = {
    kustomizeController: [azure],
    sourceController: [
      { cidr: "10.3.0.0/24", port: 443 },
      { cidr: "fd00:3::/64", port: 22 },
    ],
    notificationController: [],
  };
  const before = await childrenOf(() => new FluxNetwork("flux", args));
  const after = await childrenOf(() => new FluxNetwork("flux", { ...args, allow }));
  expect(after.filter((line) => !before.includes(line))).toMatchInlineSnapshot(`
    [
      "kubernetes:networking.k8s.io/v1:NetworkPolicy flux-allow-kustomize-controller {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-allow-kustomize-controller","namespace":"flux-system"},"spec":{"egress":[{"ports":[{"port":443,"protocol":"TCP"}],"to":[{"ipBlock":{"cidr":"0.0.0.0/0"}}]}],"podSelector":{"matchLabels":{"app":"kustomize-controller"}},"policyTypes":["Egress"]}}",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy flux-allow-source-controller {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-allow-source-controller","namespace":"flux-system"},"spec":{"egress":[{"ports":[{"port":443,"protocol":"TCP"}],"to":[{"ipBlock":{"cidr":"10.3.0.0/24"}}]},{"ports":[{"port":22,"protocol":"TCP"}],"to":[{"ipBlock":{"cidr":"fd00:3::/64"}}]}],"podSelector":{"matchLabels":{"app":"source-controller"}},"policyTypes":["Egress"]}}",
    ]
  `);
  expect(before.filter((line) => !after.includes(line))).toEqual([]);
});

test("registers the names of its policies, in preview too", async () => {
  const outputs = await outputsOf(() => new FluxNetwork("flux", args));
  expect(outputs).toMatchInlineSnapshot(`
    {
      "policies": [
        "sopsloop-api-server",
        "sopsloop-default-deny",
        "sopsloop-dns",
        "sopsloop-git",
        "sopsloop-internal",
        "sopsloop-vault",
      ],
    }
  `);
  expect(await outputsOf(() => new FluxNetwork("flux", args), { preview: true })).toEqual(outputs);
});
