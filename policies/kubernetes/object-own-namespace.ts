import {
  CONFIG_MAP,
  NETWORK_POLICY,
  namespaceOf,
  ROLE,
  ROLE_BINDING,
  SECRET_OBJECT,
  SERVICE_ACCOUNT,
  WORKLOADS,
} from "../reading/kubernetes";
import { checkov, cisKubernetes, trivy } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "kubernetes-object-own-namespace",
  title: "Nothing of the loop lives in the namespace default",
  why: "Everybody puts things into `default`. An account that decrypts there is one that many may use.",
  remedy: "Set `metadata.namespace`.",
  severity: "low",
  references: [cisKubernetes("5.7.4"), checkov("CKV_K8S_21"), trivy("KSV-0110")],
  types: [
    CONFIG_MAP,
    SECRET_OBJECT,
    SERVICE_ACCOUNT,
    ROLE,
    ROLE_BINDING,
    NETWORK_POLICY,
    ...WORKLOADS,
    "kubernetes:source.toolkit.fluxcd.io:*",
    "kubernetes:kustomize.toolkit.fluxcd.io:*",
    "kubernetes:notification.toolkit.fluxcd.io:*",
  ],
  *check(object) {
    if (namespaceOf(object) === "default")
      yield "lives in the namespace default; set metadata.namespace to one of its own";
  },
});
