import type { BadConfig } from "./bad-config";

const JWT = { method: "jwt", keys: { discovery: "https://issuer.example.com" } };

/** The sections that are neither `vault` nor `flux`. */
export const REST: readonly BadConfig[] = [
  [
    { "kubernetes.ca": { file: "ca.pem" } },
    "sopsloop:kubernetes.ca: is set, but an in-cluster reviewer reads the CA of its own pod; remove it, or set auth.reviewer.mode to token",
  ],
  [
    { "kubernetes.host": "http://10.0.0.1:6443" },
    "sopsloop:kubernetes.host: is plain http to 10.0.0.1; use https (http is only for a loopback address)",
  ],
  [{ adopt: "yes" }, 'sopsloop:adopt: is "yes"; set it to true or false (take over the guide\'s setup)'],
  [
    { alertAddress: "https://hooks.example.com/token" },
    "sopsloop:alertAddress: is set, but nothing uses it; add flux.alerts or run pulumi config rm sopsloop:alertAddress",
  ],
  [
    { "sops.encryptedRegex": "^(data|stringData$" },
    'sopsloop:sops.encryptedRegex: is "^(data|stringData$", which is not a regular expression; mend its brackets and escapes',
  ],
  [
    { "sops.encryptRegex": "^data$" },
    "sopsloop:sops.encryptRegex: is not a known key; did you mean encryptedRegex?",
  ],
  [
    { "age.recipients": [] },
    "sopsloop:age.recipients: is empty; give at least one age recipient, or remove sopsloop:age",
  ],
  [
    { "age.recipients": ["age1short"] },
    'sopsloop:age.recipients[0]: is "age1short"; set it to an age recipient, age1 and 58 more characters',
  ],
  [
    { "age.recipients": [" AGE-SECRET-KEY-1QQQ"] },
    "sopsloop:age.recipients[0]: is a private age key; treat it as leaked, and give its public half (age1…)",
  ],
  [
    { polices: {} },
    "sopsloop:polices: is not a known key; known are adopt, vault, kubernetes, flux, alertAddress, sops, age, gitlab, gitlabVariables, azure, relayReadToken",
  ],
  [
    { "kubernetes.host": "https://10.0.0.1:6443/api?x=1" },
    'sopsloop:kubernetes.host: has "?x=1" after the host; keep only scheme, host, port and path, as in https://10.0.0.1:6443',
  ],
  [
    { "vault.auth": JWT, "kubernetes.host": "https://10.0.0.1:6443" },
    "sopsloop:kubernetes.host: is set, but only auth.method kubernetes uses it; remove it",
  ],
  [
    { "vault.auth": JWT, "kubernetes.ca": { file: "ca.pem" } },
    "sopsloop:kubernetes.ca: is set, but only auth.method kubernetes uses it; remove it, or move it to vault.auth.keys.ca if it signed the issuer's certificate",
  ],
  [
    { "sops.pathRegex": "^(?!charts/).*$" },
    'sopsloop:sops.pathRegex: is "^(?!charts/).*$", whose "(?!" is a look-ahead that sops does not have; write it without, in Go\'s syntax (RE2)',
  ],
];
