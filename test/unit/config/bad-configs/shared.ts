import type { BadConfig } from "./bad-config";

const ACCOUNT = { namespace: "apps-prod", serviceAccount: "sops" };
/** A second environment beside another, in one Vault and one cluster. */
const shared = (changes: Readonly<Record<string, unknown>>, line: string): BadConfig => [
  {
    "flux.installation": "shared",
    "flux.decryptors.default": ACCOUNT,
    "flux.source.name": "deploy-prod",
    "vault.transit.mount": "transit-prod",
    ...changes,
  },
  line,
];
const ENDPOINT = { cidr: "10.0.0.1/32", port: 443 };

/** `flux.installation: shared`. */
export const SHARED: readonly BadConfig[] = [
  shared(
    { "flux.decryptors.default": { namespace: "flux-system", serviceAccount: "kustomize-controller" } },
    "sopsloop:flux.decryptors.default: is Flux's own controller, which belongs to the stack that patches Flux; name an account of this environment's own",
  ),
  shared(
    { "flux.source.name": undefined },
    "sopsloop:flux.source.name: is deploy, which belongs to the stack that patches Flux; set it to a name of this environment's own, such as deploy-prod",
  ),
  shared(
    { "flux.controllerArgs": ["--concurrent=10"] },
    "sopsloop:flux.controllerArgs: is set, but the controller belongs to the stack that patches Flux; set it there",
  ),
  shared(
    { "flux.networkPolicies": { apiServer: ENDPOINT, vault: ENDPOINT, git: ENDPOINT } },
    "sopsloop:flux.networkPolicies: is set, but Flux's namespace belongs to the stack that patches Flux; set it there, with what this environment needs under its allow",
  ),
  shared(
    { "vault.transit.mount": undefined },
    "sopsloop:vault.transit.mount: is transit with the key sops, which belongs to the stack that patches Flux; set it to a mount of this environment's own, such as transit-prod",
  ),
];
