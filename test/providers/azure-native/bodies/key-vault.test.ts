import { describeBodies } from "../support/describe-bodies";

describeBodies([
  {
    token: "keyvault:Vault",
    inputs: {
      resourceGroupName: "rg",
      vaultName: "kv-sops",
      location: "westeurope",
      properties: {
        tenantId: "t",
        sku: { family: "A", name: "standard" },
        createMode: "recover",
        enableRbacAuthorization: true,
        networkAcls: { defaultAction: "Deny", ipRules: [{ value: "192.0.2.0/24" }] },
      },
    },
    id: "Microsoft.KeyVault/vaults/kv-sops",
    sent: {
      location: "westeurope",
      properties: {
        accessPolicies: [],
        tenantId: "t",
        sku: { family: "A", name: "standard" },
        createMode: "recover",
        enableRbacAuthorization: true,
        networkAcls: { defaultAction: "Deny", ipRules: [{ value: "192.0.2.0/24" }] },
      },
    },
    answered: {
      properties: { vaultUri: "https://kv-sops.vault.azure.net/", createMode: "recover", tenantId: "t" },
    },
    outputs: {
      location: "westeurope",
      properties: { vaultUri: "https://kv-sops.vault.azure.net/", tenantId: "t" },
    },
  },
  {
    token: "keyvault:Key",
    inputs: {
      resourceGroupName: "rg",
      vaultName: "kv-sops",
      keyName: "sops",
      properties: {
        kty: "RSA",
        keySize: 3072,
        keyOps: ["encrypt", "decrypt"],
        attributes: { enabled: true, notBefore: 1, expires: 2 },
        rotationPolicy: {
          attributes: { expiryTime: "P1Y" },
          lifetimeActions: [{ action: { type: "rotate" }, trigger: { timeAfterCreate: "P90D" } }],
        },
      },
    },
    id: "Microsoft.KeyVault/vaults/kv-sops/keys/sops",
    sent: {
      properties: {
        kty: "RSA",
        keySize: 3072,
        keyOps: ["encrypt", "decrypt"],
        attributes: { enabled: true, nbf: 1, exp: 2 },
        rotationPolicy: {
          attributes: { expiryTime: "P1Y" },
          lifetimeActions: [{ action: { type: "rotate" }, trigger: { timeAfterCreate: "P90D" } }],
        },
      },
    },
    answered: {
      name: "sops",
      properties: {
        kty: "RSA",
        keySize: 3072,
        attributes: { enabled: true, nbf: 1, exp: 2, recoveryLevel: "Recoverable" },
        keyUri: "https://kv-sops.vault.azure.net/keys/sops",
      },
    },
    outputs: {
      name: "sops",
      kty: "RSA",
      keySize: 3072,
      attributes: { enabled: true, notBefore: 1, expires: 2, recoveryLevel: "Recoverable" },
      keyUri: "https://kv-sops.vault.azure.net/keys/sops",
    },
  },
  {
    token: "keyvault:Secret",
    inputs: {
      resourceGroupName: "rg",
      vaultName: "kv-sops",
      secretName: "trigger",
      properties: { value: "glptt-1", contentType: "text/plain", attributes: { expires: 9 } },
    },
    id: "Microsoft.KeyVault/vaults/kv-sops/secrets/trigger",
    sent: { properties: { value: "glptt-1", contentType: "text/plain", attributes: { exp: 9 } } },
    answered: {
      properties: { secretUri: "https://kv/secrets/trigger", value: "glptt-1", attributes: { exp: 9 } },
    },
    outputs: { properties: { secretUri: "https://kv/secrets/trigger", attributes: { expires: 9 } } },
  },
]);
