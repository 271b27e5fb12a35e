import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { RelayDeployment, type RelayDeploymentArgs } from "../../../components/azure/relay-deployment";
import { type BuildOptions, build, childrenOf, outputsOf } from "../harness";

const make = (changes: () => Partial<RelayDeploymentArgs> = () => ({})) =>
  new RelayDeployment("azure-relay", {
    namespace: "sopsloop-relay",
    image: "registry.example.com/sopsloop:1.0.0",
    claimsSize: "1Gi",
    url: "https://relay.example.com",
    settings: { GITLAB_URL: "https://gitlab.example.com", GITLAB_PROJECT: pulumi.output("101") },
    secrets: {
      GITLAB_TRIGGER_TOKEN: pulumi.secret("the-trigger-token"),
      RELAY_SECRET: pulumi.secret("the-delivery-secret"),
    },
    ports: [443],
    ...changes(),
  });

const full = () =>
  make(() => ({
    namespace: "relay-prod",
    storageClass: "premium",
    claimsSize: "5Gi",
    caPem: pulumi.output("the-ca"),
    secrets: {
      GITLAB_TRIGGER_TOKEN: pulumi.secret("the-trigger-token"),
      GITLAB_TRIGGER_TOKEN_NEXT: pulumi.secret("the-next-one"),
    },
    ports: [8443, 443],
  }));

/** The pod's template, of which another one is another pod. */
async function podOf(changes: () => Partial<RelayDeploymentArgs>, options?: BuildOptions) {
  const { children } = await build(() => make(changes), options);
  const [deployment] = children.filter(({ type }) => type.endsWith(":Deployment"));
  if (!deployment) throw new Error("there is no Deployment");
  return (deployment.inputs.spec as { template: unknown }).template;
}

test("the smallest: a hardened pod of its own account and memory, whose namespace lets in events and lets out its calls", async () => {
  expect(await childrenOf(make)).toMatchInlineSnapshot(`
    [
      "kubernetes:apps/v1:Deployment azure-relay-deployment {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"sopsloop-relay","namespace":"sopsloop-relay"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"sopsloop-relay"}},"strategy":{"type":"Recreate"},"template":{"metadata":{"labels":{"app":"sopsloop-relay"}},"spec":{"automountServiceAccountToken":false,"containers":[{"args":["relay","--listen","0.0.0.0:8080"],"command":["sopsloop"],"env":[{"name":"GITLAB_URL","value":"https://gitlab.example.com"},{"name":"GITLAB_PROJECT","value":"101"},{"name":"RELAY_CLAIMS","value":"/var/lib/relay/claims"},{"name":"GITLAB_TRIGGER_TOKEN_FILE","value":"/run/relay/GITLAB_TRIGGER_TOKEN"},{"name":"RELAY_SECRET_FILE","value":"/run/relay/RELAY_SECRET"}],"image":"registry.example.com/sopsloop:1.0.0","livenessProbe":{"httpGet":{"path":"/healthz","port":8080}},"name":"relay","ports":[{"containerPort":8080}],"readinessProbe":{"httpGet":{"path":"/healthz","port":8080}},"resources":{"limits":{"cpu":"1","memory":"256Mi"},"requests":{"cpu":"10m","memory":"128Mi"}},"securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]},"readOnlyRootFilesystem":true},"volumeMounts":[{"mountPath":"/run/relay","name":"secrets","readOnly":true},{"mountPath":"/var/lib/relay","name":"claims"},{"mountPath":"/tmp","name":"tmp"}]}],"securityContext":{"fsGroup":65532,"runAsGroup":65532,"runAsNonRoot":true,"runAsUser":65532,"seccompProfile":{"type":"RuntimeDefault"}},"serviceAccountName":"sopsloop-relay","terminationGracePeriodSeconds":40,"volumes":[{"name":"secrets","secret":{"defaultMode":288,"secretName":"sopsloop-relay"}},{"name":"claims","persistentVolumeClaim":{"claimName":"sopsloop-relay-claims"}},{"emptyDir":{},"name":"tmp"}]}}}}",
      "kubernetes:core/v1:Namespace azure-relay-namespace retained {"apiVersion":"v1","kind":"Namespace","metadata":{"labels":{"pod-security.kubernetes.io/enforce":"restricted"},"name":"sopsloop-relay"}}",
      "kubernetes:core/v1:PersistentVolumeClaim azure-relay-claims {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"annotations":{"pulumi.com/skipAwait":"true"},"name":"sopsloop-relay-claims","namespace":"sopsloop-relay"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}",
      "kubernetes:core/v1:Secret azure-relay-secrets {"apiVersion":"v1","data":{"secret":{"GITLAB_TRIGGER_TOKEN":"dGhlLXRyaWdnZXItdG9rZW4=","RELAY_SECRET":"dGhlLWRlbGl2ZXJ5LXNlY3JldA=="}},"kind":"Secret","metadata":{"name":"sopsloop-relay","namespace":"sopsloop-relay"}}",
      "kubernetes:core/v1:Service azure-relay-service {"apiVersion":"v1","kind":"Service","metadata":{"name":"sopsloop-relay","namespace":"sopsloop-relay"},"spec":{"ports":[{"name":"http","port":8080,"targetPort":8080}],"selector":{"app":"sopsloop-relay"}}}",
      "kubernetes:core/v1:ServiceAccount azure-relay-account {"apiVersion":"v1","automountServiceAccountToken":false,"kind":"ServiceAccount","metadata":{"name":"sopsloop-relay","namespace":"sopsloop-relay"}}",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy azure-relay-calls {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-calls","namespace":"sopsloop-relay"},"spec":{"egress":[{"ports":[{"port":443,"protocol":"TCP"}]}],"podSelector":{"matchLabels":{"app":"sopsloop-relay"}},"policyTypes":["Egress"]}}",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy azure-relay-default-deny {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-default-deny","namespace":"sopsloop-relay"},"spec":{"podSelector":{},"policyTypes":["Ingress","Egress"]}}",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy azure-relay-dns {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-dns","namespace":"sopsloop-relay"},"spec":{"egress":[{"ports":[{"port":53,"protocol":"UDP"},{"port":53,"protocol":"TCP"}],"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}}}]}],"podSelector":{},"policyTypes":["Egress"]}}",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy azure-relay-events {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-events","namespace":"sopsloop-relay"},"spec":{"ingress":[{"ports":[{"port":8080,"protocol":"TCP"}]}],"podSelector":{"matchLabels":{"app":"sopsloop-relay"}},"policyTypes":["Ingress"]}}",
    ]
  `);
});

test("with everything: a namespace, a class and a size of the config's, two tokens, and a CA for GitLab", async () => {
  expect(await childrenOf(full)).toMatchInlineSnapshot(`
    [
      "kubernetes:apps/v1:Deployment azure-relay-deployment {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"sopsloop-relay","namespace":"relay-prod"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"sopsloop-relay"}},"strategy":{"type":"Recreate"},"template":{"metadata":{"annotations":{"sopsloop/ca-sha256":"dd8e58a2a55028a9c3ef1ec063032e465ed83981d3417a181eca0fd8cb3b351c"},"labels":{"app":"sopsloop-relay"}},"spec":{"automountServiceAccountToken":false,"containers":[{"args":["relay","--listen","0.0.0.0:8080"],"command":["sopsloop"],"env":[{"name":"GITLAB_URL","value":"https://gitlab.example.com"},{"name":"GITLAB_PROJECT","value":"101"},{"name":"RELAY_CLAIMS","value":"/var/lib/relay/claims"},{"name":"GITLAB_TRIGGER_TOKEN_FILE","value":"/run/relay/GITLAB_TRIGGER_TOKEN"},{"name":"GITLAB_TRIGGER_TOKEN_NEXT_FILE","value":"/run/relay/GITLAB_TRIGGER_TOKEN_NEXT"},{"name":"NODE_EXTRA_CA_CERTS","value":"/run/ca/ca.pem"}],"image":"registry.example.com/sopsloop:1.0.0","livenessProbe":{"httpGet":{"path":"/healthz","port":8080}},"name":"relay","ports":[{"containerPort":8080}],"readinessProbe":{"httpGet":{"path":"/healthz","port":8080}},"resources":{"limits":{"cpu":"1","memory":"256Mi"},"requests":{"cpu":"10m","memory":"128Mi"}},"securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]},"readOnlyRootFilesystem":true},"volumeMounts":[{"mountPath":"/run/relay","name":"secrets","readOnly":true},{"mountPath":"/var/lib/relay","name":"claims"},{"mountPath":"/tmp","name":"tmp"},{"mountPath":"/run/ca","name":"ca","readOnly":true}]}],"securityContext":{"fsGroup":65532,"runAsGroup":65532,"runAsNonRoot":true,"runAsUser":65532,"seccompProfile":{"type":"RuntimeDefault"}},"serviceAccountName":"sopsloop-relay","terminationGracePeriodSeconds":40,"volumes":[{"name":"secrets","secret":{"defaultMode":288,"secretName":"sopsloop-relay"}},{"name":"claims","persistentVolumeClaim":{"claimName":"sopsloop-relay-claims"}},{"emptyDir":{},"name":"tmp"},{"configMap":{"name":"sopsloop-relay-ca"},"name":"ca"}]}}}}",
      "kubernetes:core/v1:ConfigMap azure-relay-ca {"apiVersion":"v1","data":{"ca.pem":"the-ca"},"kind":"ConfigMap","metadata":{"name":"sopsloop-relay-ca","namespace":"relay-prod"}}",
      "kubernetes:core/v1:Namespace azure-relay-namespace retained {"apiVersion":"v1","kind":"Namespace","metadata":{"labels":{"pod-security.kubernetes.io/enforce":"restricted"},"name":"relay-prod"}}",
      "kubernetes:core/v1:PersistentVolumeClaim azure-relay-claims {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"annotations":{"pulumi.com/skipAwait":"true"},"name":"sopsloop-relay-claims","namespace":"relay-prod"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"5Gi"}},"storageClassName":"premium"}}",
      "kubernetes:core/v1:Secret azure-relay-secrets {"apiVersion":"v1","data":{"secret":{"GITLAB_TRIGGER_TOKEN":"dGhlLXRyaWdnZXItdG9rZW4=","GITLAB_TRIGGER_TOKEN_NEXT":"dGhlLW5leHQtb25l"}},"kind":"Secret","metadata":{"name":"sopsloop-relay","namespace":"relay-prod"}}",
      "kubernetes:core/v1:Service azure-relay-service {"apiVersion":"v1","kind":"Service","metadata":{"name":"sopsloop-relay","namespace":"relay-prod"},"spec":{"ports":[{"name":"http","port":8080,"targetPort":8080}],"selector":{"app":"sopsloop-relay"}}}",
      "kubernetes:core/v1:ServiceAccount azure-relay-account {"apiVersion":"v1","automountServiceAccountToken":false,"kind":"ServiceAccount","metadata":{"name":"sopsloop-relay","namespace":"relay-prod"}}",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy azure-relay-calls {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-calls","namespace":"relay-prod"},"spec":{"egress":[{"ports":[{"port":8443,"protocol":"TCP"},{"port":443,"protocol":"TCP"}]}],"podSelector":{"matchLabels":{"app":"sopsloop-relay"}},"policyTypes":["Egress"]}}",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy azure-relay-default-deny {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-default-deny","namespace":"relay-prod"},"spec":{"podSelector":{},"policyTypes":["Ingress","Egress"]}}",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy azure-relay-dns {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-dns","namespace":"relay-prod"},"spec":{"egress":[{"ports":[{"port":53,"protocol":"UDP"},{"port":53,"protocol":"TCP"}],"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}}}]}],"podSelector":{},"policyTypes":["Egress"]}}",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy azure-relay-events {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"sopsloop-events","namespace":"relay-prod"},"spec":{"ingress":[{"ports":[{"port":8080,"protocol":"TCP"}]}],"podSelector":{"matchLabels":{"app":"sopsloop-relay"}},"policyTypes":["Ingress"]}}",
    ]
  `);
});

test("a preview makes the same, and knows all but what other resources will say", async () => {
  // As they are before there is a trigger, or a CA to read.
  const unknown = () => {
    const { id } = new ConfigMap("elsewhere", {});
    return make(() => ({ secrets: { GITLAB_TRIGGER_TOKEN: pulumi.secret(id) }, caPem: id }));
  };
  const lines = await childrenOf(unknown, { preview: true });
  expect(lines.filter((line) => line.includes('unknown"'))).toMatchInlineSnapshot(`
    [
      "kubernetes:apps/v1:Deployment azure-relay-deployment {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"sopsloop-relay","namespace":"sopsloop-relay"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"sopsloop-relay"}},"strategy":{"type":"Recreate"},"template":{"metadata":{"annotations":{"sopsloop/ca-sha256":"unknown"},"labels":{"app":"sopsloop-relay"}},"spec":{"automountServiceAccountToken":false,"containers":[{"args":["relay","--listen","0.0.0.0:8080"],"command":["sopsloop"],"env":[{"name":"GITLAB_URL","value":"https://gitlab.example.com"},{"name":"GITLAB_PROJECT","value":"101"},{"name":"RELAY_CLAIMS","value":"/var/lib/relay/claims"},{"name":"GITLAB_TRIGGER_TOKEN_FILE","value":"/run/relay/GITLAB_TRIGGER_TOKEN"},{"name":"NODE_EXTRA_CA_CERTS","value":"/run/ca/ca.pem"}],"image":"registry.example.com/sopsloop:1.0.0","livenessProbe":{"httpGet":{"path":"/healthz","port":8080}},"name":"relay","ports":[{"containerPort":8080}],"readinessProbe":{"httpGet":{"path":"/healthz","port":8080}},"resources":{"limits":{"cpu":"1","memory":"256Mi"},"requests":{"cpu":"10m","memory":"128Mi"}},"securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]},"readOnlyRootFilesystem":true},"volumeMounts":[{"mountPath":"/run/relay","name":"secrets","readOnly":true},{"mountPath":"/var/lib/relay","name":"claims"},{"mountPath":"/tmp","name":"tmp"},{"mountPath":"/run/ca","name":"ca","readOnly":true}]}],"securityContext":{"fsGroup":65532,"runAsGroup":65532,"runAsNonRoot":true,"runAsUser":65532,"seccompProfile":{"type":"RuntimeDefault"}},"serviceAccountName":"sopsloop-relay","terminationGracePeriodSeconds":40,"volumes":[{"name":"secrets","secret":{"defaultMode":288,"secretName":"sopsloop-relay"}},{"name":"claims","persistentVolumeClaim":{"claimName":"sopsloop-relay-claims"}},{"emptyDir":{},"name":"tmp"},{"configMap":{"name":"sopsloop-relay-ca"},"name":"ca"}]}}}}",
      "kubernetes:core/v1:ConfigMap azure-relay-ca {"apiVersion":"v1","data":{"ca.pem":"unknown"},"kind":"ConfigMap","metadata":{"name":"sopsloop-relay-ca","namespace":"sopsloop-relay"}}",
      "kubernetes:core/v1:Secret azure-relay-secrets {"apiVersion":"v1","data":"unknown","kind":"Secret","metadata":{"name":"sopsloop-relay","namespace":"sopsloop-relay"}}",
    ]
  `);
  const urns = async (options: BuildOptions) => (await build(full, options)).children.map(({ urn }) => urn);
  expect(await urns({ preview: true })).toEqual(await urns({}));
});

test("a changed secret is no other pod; a changed setting, CA or image is", async () => {
  const before = await podOf(() => ({}));
  const another = { GITLAB_TRIGGER_TOKEN: pulumi.secret("another"), RELAY_SECRET: pulumi.secret("others") };
  expect(await podOf(() => ({ secrets: another }))).toEqual(before);
  expect(await podOf(() => ({ settings: { GITLAB_REF: "other" } }))).not.toEqual(before);
  expect(await podOf(() => ({ image: "registry.example.com/sopsloop:2.0.0" }))).not.toEqual(before);
  const withCa = (pem: string) => podOf(() => ({ caPem: pulumi.output(pem) }));
  expect(await withCa("one")).toEqual(await withCa("one"));
  expect(await withCa("other")).not.toEqual(await withCa("one"));
});

test("no secret stands in the clear, and none in anything but the Secret", async () => {
  const lines = await childrenOf(full);
  const holding = lines.filter((line) =>
    /the-trigger-token|the-next-one|dGhlLXRyaWdnZXI|dGhlLW5leHQ/.test(line),
  );
  expect(holding).toEqual([
    expect.stringMatching(/^kubernetes:core\/v1:Secret .*"data":\{"secret":\{("\w+":"[\w=]+",?){2}\}\}/),
  ]);
});

test("tells its address once it runs behind its Service, so not in a first preview", async () => {
  expect(await outputsOf(make)).toEqual({ url: "https://relay.example.com" });
  expect(await outputsOf(make, { preview: true })).toEqual({ url: "unknown" });
});
