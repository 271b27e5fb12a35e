import type { BadConfig } from "./bad-config";

const endpoint = { cidr: "10.0.0.0/8", port: 443 };
const peers = (apiServer: object) => ({ apiServer, vault: endpoint, git: endpoint });

/** `sopsloop:flux`, but for its decryptors. */
export const FLUX: readonly BadConfig[] = [
  [
    { "flux.version": 2.9 },
    'sopsloop:flux.version: is the number 2.9; put it in quotes ("2.9"), because YAML reads 2.10 as 2.1',
  ],
  [
    { "flux.version": "2.8" },
    "sopsloop:flux.version: is 2.8, which can only use a static Vault token; upgrade to Flux 2.9 or later, which logs in by itself",
  ],
  [
    { "flux.version": "latest" },
    'sopsloop:flux.version: is "latest"; set it to a Flux version such as "2.9"',
  ],
  [
    { "flux.version": "3.0" },
    "sopsloop:flux.version: is 3.0, which this program does not know; use Flux 2.9 or a later 2.x",
  ],
  [
    { "flux.installation": "aks-extension" },
    "sopsloop:flux.installation: is aks-extension, which takes no controller arguments (Azure/AKS#4390) and so cannot log in to Vault; remove the extension and install Flux by its CLI or operator",
  ],
  [
    { "flux.installation": "helm" },
    'sopsloop:flux.installation: is "helm"; set it to one of cli, bootstrap, operator, shared',
  ],
  [
    { "flux.source.url": "https://bot:token@git.example.com/deploy.git" },
    "sopsloop:flux.source.url: holds a user name or password; take it out of the URL, it would be stored in clear",
  ],
  [
    { "flux.source.interval": "often" },
    'sopsloop:flux.source.interval: is "often"; set it to a duration such as 90s, 10m or 2160h',
  ],
  [
    { "flux.kustomizations.apps.decryptor": "defualt" },
    'sopsloop:flux.kustomizations.apps.decryptor: is "defualt", which is not under flux.decryptors; did you mean default?',
  ],
  [
    { "flux.kustomizations.apps.path": "../apps" },
    'sopsloop:flux.kustomizations.apps.path: is "../apps"; set it to a folder inside the deploy repository such as ./apps',
  ],
  [
    { "flux.networkPolicies": peers({ cidr: "10.0.0.1/33", port: 443 }) },
    'sopsloop:flux.networkPolicies.apiServer.cidr: is "10.0.0.1/33"; set it to an address range such as 10.0.0.0/16',
  ],
  [
    { "flux.networkPolicies": peers({ cidr: "10.0.0.1/32", port: 70000 }) },
    "sopsloop:flux.networkPolicies.apiServer.port: is the number 70000; set it to a port number from 1 to 65535",
  ],
  [
    { "flux.networkPolicies": { ...peers(endpoint), allow: { kustomizeControler: [endpoint] } } },
    "sopsloop:flux.networkPolicies.allow.kustomizeControler: is not a known key; did you mean kustomizeController?",
  ],
  [
    { "flux.networkPolicies": { ...peers(endpoint), allow: { sourceController: endpoint } } },
    "sopsloop:flux.networkPolicies.allow.sourceController: is an object; set it to a list of {cidr, port}",
  ],
  [
    {
      "flux.networkPolicies": {
        ...peers(endpoint),
        allow: { sourceController: [{ cidr: "git.example.com", port: 443 }] },
      },
    },
    'sopsloop:flux.networkPolicies.allow.sourceController[0].cidr: is "git.example.com"; set it to an address range such as 10.0.0.0/16',
  ],
  [
    { "flux.alerts": { type: "slack" } },
    "sopsloop:alertAddress: is missing, and flux.alerts needs it; run pulumi config set --secret sopsloop:alertAddress",
  ],
  [
    { "flux.alerts": { type: "pagerduty" } },
    'sopsloop:flux.alerts.type: is "pagerduty"; set it to one of slack, msteams, discord, rocket, googlechat, generic',
  ],
  [
    { "flux.source.url": "git@git.example.com:team/deploy.git" },
    'sopsloop:flux.source.url: is "git@git.example.com:team/deploy.git", a form that Flux does not take; write it as ssh://git@git.example.com/team/deploy.git',
  ],
  [
    { "flux.source.url": "ssh://git@git.example.com/team/deploy.git" },
    "sopsloop:flux.source.secretRef: is missing, and over ssh nothing can be cloned without a key; make a Secret with flux create secret git and name it here",
  ],
  [
    { "flux.source.url": "ssh://git:token@git.example.com/team/deploy.git" },
    "sopsloop:flux.source.url: holds a password; take it out of the URL and put it into the Secret that secretRef names",
  ],
  [
    { "flux.controllerArgs": "--concurrent=10" },
    'sopsloop:flux.controllerArgs: is "--concurrent=10"; set it to a list of flags such as --concurrent=10',
  ],
  [
    { "flux.controllerArgs": ["-v=2"] },
    'sopsloop:flux.controllerArgs[0]: is "-v=2"; set it to a flag such as --concurrent=10',
  ],
  [
    { "flux.controllerArgs": ["--concurrent", "10"] },
    'sopsloop:flux.controllerArgs[1]: is "10"; set it to a flag such as --concurrent=10',
  ],
  [
    { "flux.controllerArgs": ["--concurrent=10\n--log-level=debug"] },
    'sopsloop:flux.controllerArgs[0]: is "--concurrent=10\\n--log-level=debug"; set it to a flag such as --concurrent=10',
  ],
  [
    { "flux.controllerArgs": ["--concurrent=10", "--log-level=debug"] },
    'sopsloop:flux.controllerArgs[1]: is "--log-level=debug", which this program sets itself; remove it',
  ],
  [
    { "flux.controllerArgs": ["--sops-vault-configmap=mine"] },
    'sopsloop:flux.controllerArgs[0]: is "--sops-vault-configmap=mine", which this program sets itself; remove it',
  ],
  [
    { "flux.controllerArgs": ["--feature-gates=ObjectLevelWorkloadIdentity=false"] },
    'sopsloop:flux.controllerArgs[0]: is "--feature-gates=ObjectLevelWorkloadIdentity=false", which this program sets itself; remove it',
  ],
  [
    {
      "flux.controllerArgs": ["--no-cross-namespace-refs"],
      "flux.decryptors.apps": { namespace: "apps", serviceAccount: "sops" },
    },
    'sopsloop:flux.controllerArgs[0]: is "--no-cross-namespace-refs", but the Kustomizations of flux.decryptors.apps live in apps and refer to the source in flux-system; remove the flag, or that decryptor',
  ],
];
