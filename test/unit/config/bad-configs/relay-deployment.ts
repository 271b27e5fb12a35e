import { SUBNET, smallestAzure } from "../../azure/sample";
import type { BadConfig } from "./bad-config";

const IMAGE = "registry.example.com/platform/sopsloop:1.0.0";
const relay = (about: object, line: string, changes: Readonly<Record<string, unknown>> = {}): BadConfig => [
  {
    gitlab: { address: "https://gitlab.example.com", project: "platform/deploy" },
    azure: smallestAzure({
      relay: {
        url: "https://relay.example.com",
        storageAccount: "stsopsprod",
        deployment: { image: IMAGE },
        ...about,
      },
    }),
    ...changes,
  },
  line,
];
const pod = (about: object, line: string, changes?: Readonly<Record<string, unknown>>): BadConfig =>
  relay({ deployment: { image: IMAGE, ...about } }, line, changes);
const namespace = (name: string, why: string, changes?: Readonly<Record<string, unknown>>): BadConfig =>
  pod(
    { namespace: name },
    `sopsloop:azure.relay.deployment.namespace: is ${name}, ${why}; set it to one of the relay's own, such as sopsloop-relay`,
    changes,
  );

const NO_IMAGE = "set it to a container image such as registry.example.com/platform/sopsloop:1.0.0";
const both = (keys: string) =>
  `sopsloop:azure.relay: has deployment, and ${keys} of a function app; remove deployment, or ${keys}`;

/** `azure.relay.deployment`. */
export const RELAY_DEPLOYMENT: readonly BadConfig[] = [
  relay({ deployment: {} }, `sopsloop:azure.relay.deployment.image: is missing; ${NO_IMAGE}`),
  relay(
    { deployment: IMAGE },
    `sopsloop:azure.relay.deployment: is "${IMAGE}"; set it to an object with image`,
  ),
  pod({ image: "a relay" }, `sopsloop:azure.relay.deployment.image: is "a relay"; ${NO_IMAGE}`),
  pod(
    { image: "https://registry.example.com/sopsloop" },
    `sopsloop:azure.relay.deployment.image: is "https://registry.example.com/sopsloop"; ${NO_IMAGE}`,
  ),
  pod(
    { replicas: 2 },
    "sopsloop:azure.relay.deployment.replicas: is not a known key; known are image, namespace, storageClass, claimsSize",
  ),
  pod(
    { namespace: "Relay" },
    'sopsloop:azure.relay.deployment.namespace: is "Relay"; set it to a namespace: lower-case letters, digits and dashes, at most 63',
  ),
  pod(
    { storageClass: "Premium SSD" },
    'sopsloop:azure.relay.deployment.storageClass: is "Premium SSD"; set it to a Kubernetes name: lower-case letters, digits, dashes and dots',
  ),
  pod(
    { claimsSize: "1GB" },
    'sopsloop:azure.relay.deployment.claimsSize: is "1GB"; set it to a size such as 1Gi',
  ),
  pod(
    { claimsSize: 1 },
    "sopsloop:azure.relay.deployment.claimsSize: is the number 1; set it to a size such as 1Gi",
  ),
  relay(
    { url: undefined },
    "sopsloop:azure.relay.url: is missing; with deployment set it to the https address under which your ingress leads to the Service sopsloop-relay, such as https://relay.example.com",
  ),
  relay({ name: "func-sops-prod", subnetId: SUBNET }, both("name and subnetId")),
  relay({ subnetId: SUBNET, url: undefined }, both("subnetId")),
  relay({ package: "function.zip" }, both("package")),
  namespace("flux-system", "where Flux runs"),
  namespace("default", "which is the cluster's"),
  namespace("kube-system", "which is the cluster's"),
  namespace("apps", "where flux.decryptors.apps is", {
    "flux.decryptors.apps": { namespace: "apps", serviceAccount: "sops" },
  }),
  namespace("shop", "where flux.kustomizations.apps puts its objects", {
    "flux.kustomizations.apps.targetNamespace": "shop",
  }),
  namespace("app", "where gitlab.app puts its Secrets", {
    gitlab: {
      address: "https://gitlab.example.com",
      project: "platform/deploy",
      app: { project: "platform/app", environment: "production", into: "apps/app", namespace: "app" },
    },
  }),
  pod(
    {},
    "sopsloop:azure.relay.deployment.namespace: is sopsloop-relay, which belongs to the stack that patches Flux; set it to one of the relay's own, such as sopsloop-relay-prod",
    {
      "flux.installation": "shared",
      "flux.decryptors.default": { namespace: "apps-prod", serviceAccount: "sops" },
      "flux.source.name": "deploy-prod",
      "vault.transit.mount": "transit-prod",
    },
  ),
];
