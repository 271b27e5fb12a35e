import { describeRule } from "../support/describe-rule";
import { CANARY, UNKNOWN } from "../support/resources";
import { audit, jwtBackend, kubernetesConfig, mount, vaultProvider } from "../support/vault";

describeRule("vault-mount-described", {
  violates: {
    "a mount": [mount({ description: undefined }), "set description to what made it"],
    "an audit device": [audit({ description: "" }), "says nothing of whose it is"],
  },
  passes: { "a mount": mount(), "an auth method": jwtBackend() },
  unknown: { "what it says": [mount({ description: UNKNOWN }), "description"] },
});

describeRule("vault-jwt-backend-keys", {
  violates: {
    "plain http": [
      jwtBackend({ oidcDiscoveryUrl: "http://gitlab.example.com", boundIssuer: undefined }),
      "in the clear from http://gitlab.example.com; use https in oidcDiscoveryUrl",
    ],
    "a plain JWKS": [
      jwtBackend({ oidcDiscoveryUrl: undefined, boundIssuer: undefined, jwksUrl: "http://a.example/jwks" }),
      "use https in jwksUrl",
    ],
    "another issuer": [
      jwtBackend({ boundIssuer: "https://other.example.com" }),
      "make oidcDiscoveryUrl and boundIssuer the same",
    ],
  },
  passes: {
    https: jwtBackend(),
    "a slash more": jwtBackend({ boundIssuer: "https://gitlab.example.com/" }),
    "keys that are given": jwtBackend({ oidcDiscoveryUrl: undefined, jwtValidationPubkeys: ["PEM"] }),
    "this machine": jwtBackend({ oidcDiscoveryUrl: "http://127.0.0.1:1", boundIssuer: undefined }),
  },
  unknown: { "the address": [jwtBackend({ oidcDiscoveryUrl: UNKNOWN }), "oidcDiscoveryUrl"] },
});

describeRule("vault-kubernetes-config-reviewer", {
  violates: {
    "the client's own token": [kubernetesConfig({ tokenReviewerJwt: undefined }), "has no reviewer"],
    "a write-only token": [
      kubernetesConfig({ tokenReviewerJwt: undefined, tokenReviewerJwtWo: CANARY }),
      "use tokenReviewerJwt",
    ],
    "no CA": [kubernetesConfig({ kubernetesCaCert: undefined }), "set kubernetesCaCert"],
  },
  passes: {
    "a token and a CA": kubernetesConfig(),
    "in the cluster": kubernetesConfig({
      tokenReviewerJwt: undefined,
      kubernetesCaCert: undefined,
      disableLocalCaJwt: false,
    }),
  },
  unknown: {
    "whether there is a token": [kubernetesConfig({ tokenReviewerJwt: UNKNOWN }), "tokenReviewerJwt"],
  },
});

describeRule("vault-kubernetes-config-host", {
  violates: {
    "plain http": [
      kubernetesConfig({ kubernetesHost: "http://10.0.0.1:8080" }),
      "asks http://10.0.0.1:8080 in the clear",
    ],
    "an issuer": [kubernetesConfig({ issuer: "https://a.example" }), "leave issuer out"],
    "the issuer is checked": [kubernetesConfig({ disableIssValidation: false }), "set it to true"],
  },
  passes: {
    https: kubernetesConfig(),
    "nothing said of the issuer": kubernetesConfig({ disableIssValidation: undefined }),
  },
  unknown: { "the host": [kubernetesConfig({ kubernetesHost: UNKNOWN }), "kubernetesHost"] },
});

describeRule("vault-audit-hashed", {
  violates: {
    raw: [audit({ "options.log_raw": "true" }), "take log_raw out of options"],
    accessors: [audit({ "options.hmac_accessor": "false" }), "take hmac_accessor out of options"],
  },
  passes: { "as it is": audit(), "in so many words": audit({ "options.log_raw": "false" }) },
  unknown: { "the options": [audit({ options: UNKNOWN }), "options"] },
});

describeRule("vault-audit-kept", {
  violates: {
    "thrown away": [audit({ "options.file_path": "/dev/null" }), "writes to /dev/null"],
    "by Vault's own word": [audit({ "options.file_path": "discard" }), "writes to discard"],
    nowhere: [audit({ options: {} }), "writes to no file"],
  },
  passes: { "a file": audit(), syslog: audit({ type: "syslog", options: {} }) },
  unknown: { "the path": [audit({ "options.file_path": UNKNOWN }), "options.file_path"] },
});

describeRule("vault-provider-verified", {
  violates: {
    "plain http": [
      vaultProvider({ address: "http://vault.example.com:8200" }),
      "talks to http://vault.example.com:8200 in the clear",
    ],
    "any certificate": [vaultProvider({ skipTlsVerify: "true" }), "leave skipTlsVerify out"],
  },
  passes: {
    https: vaultProvider(),
    "from the environment": vaultProvider({ address: undefined, skipTlsVerify: undefined }),
  },
  unknown: { "the address": [vaultProvider({ address: UNKNOWN }), "address"] },
});

describeRule("vault-provider-no-token", {
  violates: { "a token": [vaultProvider({ token: CANARY }), "VAULT_TOKEN is read by the plugin itself"] },
  passes: { none: vaultProvider() },
  unknown: { "whether there is one": [vaultProvider({ token: UNKNOWN }), "token"] },
});
