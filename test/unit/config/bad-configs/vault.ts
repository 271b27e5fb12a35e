import { CERTIFICATE, PUBLIC_KEY } from "../sample";
import type { BadConfig } from "./bad-config";

/** In two parts, so that no scanner takes it for a key. */
const PRIVATE_KEY = `-----BEGIN ${"PRIVATE KEY"}-----\nMA==\n-----END ${"PRIVATE KEY"}-----`;
const BROKEN_KEY = PUBLIC_KEY.replace("MFkw", "MFkx");
const jwt = (keys: object) => ({ method: "jwt", keys });

/** `sopsloop:vault`, and what is to be adopted in it. */
export const VAULT: readonly BadConfig[] = [
  [
    { "vault.address": undefined },
    "sopsloop:vault.address: is missing; set it to Vault's address, such as https://vault.example.com:8200",
  ],
  [{ "vault.adress": "https://v" }, "sopsloop:vault.adress: is not a known key; did you mean address?"],
  [
    { "vault.address": "vault.example.com" },
    'sopsloop:vault.address: is "vault.example.com"; set it to a URL such as https://vault.example.com:8200',
  ],
  [
    { "vault.address": "https://vault.example.com/ui" },
    'sopsloop:vault.address: has "/ui" after the host; keep only scheme, host and port, as in https://vault.example.com:8200',
  ],
  [
    { "vault.address": "http://vault.example.com:8200" },
    "sopsloop:vault.address: is plain http to vault.example.com; use https (http is only for a loopback address)",
  ],
  [
    { "vault.address": "https://root:hunter 2@vault:x" },
    "sopsloop:vault.address: is no URL; set it to a URL such as https://vault.example.com:8200",
  ],
  [
    { "vault.address": "https://root:hunter2@vault.example.com" },
    "sopsloop:vault.address: holds a user name or password; take it out of the URL, it would be stored in clear",
  ],
  [
    { "vault.address": 8200 },
    "sopsloop:vault.address: is the number 8200; set it to Vault's address, such as https://vault.example.com:8200",
  ],
  [
    { "vault.ca": { file: "missing.pem" } },
    'sopsloop:vault.ca.file: is "missing.pem", which cannot be read; give a path relative to the project folder that exists',
  ],
  [
    { "vault.ca": { file: "empty.pem" } },
    "sopsloop:vault.ca.file: holds no certificate; give PEM text that starts with -----BEGIN CERTIFICATE-----",
  ],
  [
    { "vault.ca": { pem: CERTIFICATE, file: "ca.pem" } },
    "sopsloop:vault.ca: has pem and file; give one of pem, file, configMap",
  ],
  [
    { "vault.ca": { pem: PRIVATE_KEY } },
    "sopsloop:vault.ca.pem: holds a private key; give only the CA's certificate",
  ],
  [
    { "vault.transit.mount": "/transit/" },
    'sopsloop:vault.transit.mount: is "/transit/"; set it to a mount path without slashes at the ends, such as transit',
  ],
  [
    { "vault.transit.mount": "transit/+" },
    'sopsloop:vault.transit.mount: is "transit/+"; set it to a mount path without slashes at the ends, such as transit',
  ],
  [
    { "vault.transit.key": "sops*" },
    'sopsloop:vault.transit.key: is "sops*"; set it to a key name: letters, digits, underscores, dashes and dots, such as sops',
  ],
  [
    { "vault.transit.autoRotatePeriod": "30m" },
    "sopsloop:vault.transit.autoRotatePeriod: is 30m; set it to 0 (never) or at least 1h",
  ],
  [
    { "vault.transit.autoRotatePeriod": "90 days" },
    'sopsloop:vault.transit.autoRotatePeriod: is "90 days"; set it to a duration such as 90s, 10m or 2160h',
  ],
  [
    { "vault.transit.minDecryptionVersion": 0 },
    "sopsloop:vault.transit.minDecryptionVersion: is the number 0; set it to a key version, 1 or more",
  ],
  [
    { "vault.transit.protect": "yes" },
    'sopsloop:vault.transit.protect: is "yes"; set it to true or false (protect the key and its mount)',
  ],
  [
    { "vault.transit.exportable": true },
    "sopsloop:vault.transit.exportable: is not a known key; known are mount, key, autoRotatePeriod, minDecryptionVersion, protect",
  ],
  [{ "vault.auth": undefined }, "sopsloop:vault.auth: is missing; set method to kubernetes or jwt"],
  [{ "vault.auth.method": "token" }, 'sopsloop:vault.auth.method: is "token"; set it to kubernetes or jwt'],
  [
    { "vault.auth.tokenTtl": "24h" },
    "sopsloop:vault.auth.tokenTtl: is 24h; set it to between 1m and 1h (a token serves one Flux build)",
  ],
  [
    { "vault.auth.reviewer": undefined },
    "sopsloop:vault.auth.reviewer: is missing; set mode to in-cluster or token",
  ],
  [
    { "vault.auth.reviewer.mode": "client-jwt" },
    "sopsloop:vault.auth.reviewer.mode: is client-jwt, which cannot work: the API server refuses a token made for Vault; set it to in-cluster or token, or use auth.method jwt",
  ],
  [
    { "vault.auth": { method: "kubernetes", reviewer: { mode: "token" } } },
    "sopsloop:kubernetes.host: is missing; with auth.reviewer.mode token set it to the API server's URL as Vault reaches it",
  ],
  [{ "vault.auth": jwt({}) }, "sopsloop:vault.auth.keys: needs exactly one of discovery, jwks, pem"],
  [
    { "vault.auth": jwt({ pem: [PRIVATE_KEY] }) },
    "sopsloop:vault.auth.keys.pem[0]: holds a private key; give only the public key",
  ],
  [
    { "vault.auth": jwt({ jwks: "http://issuer.example.com/keys" }) },
    "sopsloop:vault.auth.keys.jwks: is plain http to issuer.example.com; use https (http is only for a loopback address)",
  ],
  [
    { "vault.audit": { path: "audit.log" } },
    'sopsloop:vault.audit.path: is "audit.log"; set it to an absolute path on the Vault server',
  ],
  [
    { "vault.auth": jwt({ pem: ["not a key"] }) },
    "sopsloop:vault.auth.keys.pem[0]: holds no public key; give PEM text from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----",
  ],
  [
    { "vault.auth": jwt({ pem: [PUBLIC_KEY, BROKEN_KEY] }) },
    "sopsloop:vault.auth.keys.pem[1]: holds a public key that cannot be read; export it again as PEM",
  ],
  [
    { "vault.auth": jwt({ pem: [PUBLIC_KEY + PUBLIC_KEY] }) },
    "sopsloop:vault.auth.keys.pem[0]: holds 2 PEM blocks; make each key an entry of its own",
  ],
  [
    { "vault.guide": true, "vault.transit": { mount: "prod" } },
    "sopsloop:vault.guide: is true, but the guide's policy is about transit/sops and vault.transit about prod/sops; remove guide, or remove mount and key from vault.transit",
  ],
  [
    { "vault.guide": true, "vault.transit": { key: "prod" } },
    "sopsloop:vault.guide: is true, but the guide's policy is about transit/sops and vault.transit about transit/prod; remove guide, or remove mount and key from vault.transit",
  ],
  [
    { adopt: true, "vault.guide": false },
    "sopsloop:adopt: takes over the guide's policy and role, which vault.guide false leaves out; set vault.guide to true",
  ],
  [
    { adopt: true, "vault.auth": jwt({ jwks: "https://issuer.example.com/keys" }) },
    "sopsloop:adopt: needs vault.auth.method kubernetes, as the guide sets it up; adopt with that method first and change it in a later update",
  ],
];
