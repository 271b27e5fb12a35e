import {
  builtIn,
  federatedCredential,
  GROUP,
  identity,
  roleAssignment,
  roleDefinition,
} from "../support/azure";
import { describeRule } from "../support/describe-rule";
import { UNKNOWN } from "../support/resources";

const OWNER = builtIn("8e3af657-a8ff-443c-a75c-2fe8c4bcb635");
const CRYPTO_USER = builtIn("12338af0-0e69-4776-bea7-57ae8d297424");
const ENCRYPTION_USER = builtIn("e147488a-f6f5-4113-8e2d-b22465e65bf6");

describeRule("azure-role-assignment-narrow-scope", {
  violates: {
    "a group": [roleAssignment({ scope: GROUP }), "is for the whole of a resource group"],
    "a subscription": [
      roleAssignment({ scope: "/subscriptions/0000" }),
      "is for the whole of a subscription",
    ],
    "more than that": [
      roleAssignment({ scope: "/providers/Microsoft.Management/managementGroups/x" }),
      "a management group",
    ],
  },
  passes: { "a key": roleAssignment() },
  unknown: { "the scope": [roleAssignment({ scope: UNKNOWN }), "scope"] },
});

describeRule("azure-role-assignment-no-administrator", {
  violates: { owner: [roleAssignment({ roleDefinitionId: OWNER }), "makes its principal Owner"] },
  passes: { "one's own": roleAssignment(), "crypto user": roleAssignment({ roleDefinitionId: CRYPTO_USER }) },
  unknown: { "the role": [roleAssignment({ roleDefinitionId: UNKNOWN }), "roleDefinitionId"] },
});

describeRule("azure-role-assignment-usable", {
  violates: {
    "the wrong one": [roleAssignment({ roleDefinitionId: ENCRYPTION_USER }), "with which sops is refused"],
    "no type": [roleAssignment({ principalType: undefined }), "set principalType to ServicePrincipal"],
    "a person": [roleAssignment({ principalType: "User" }), "is for a single person"],
  },
  passes: { "an identity": roleAssignment() },
  unknown: { "the type": [roleAssignment({ principalType: UNKNOWN }), "principalType"] },
});

const allowing = (...dataActions: unknown[]) =>
  roleDefinition({ permissions: [{ actions: [], dataActions }] });

describeRule("azure-role-definition-narrow", {
  violates: {
    "a wildcard": [
      allowing("Microsoft.KeyVault/vaults/keys/*"),
      "allows Microsoft.KeyVault/vaults/keys/*, which is more than one action",
    ],
    "backing up": [
      allowing("Microsoft.KeyVault/vaults/keys/backup/action"),
      "which nobody in the loop needs",
    ],
  },
  passes: { "decrypt alone": roleDefinition(), "of something else": allowing("Microsoft.Storage/x/delete") },
  unknown: { "an action": [allowing(UNKNOWN), "permissions[0].dataActions[0]"] },
});

describeRule("azure-identity-only-decrypts", {
  violates: {
    "a built-in role": [
      [identity(), federatedCredential(), roleAssignment({ roleDefinitionId: CRYPTO_USER })],
      "is the cluster's and may also whatever Key Vault Crypto User may",
    ],
    "the cluster's by what its trust was made of": [
      [
        identity(),
        { ...federatedCredential({ resourceName: undefined }), madeOf: { resourceName: [identity().urn] } },
        roleAssignment({ roleDefinitionId: CRYPTO_USER }),
      ],
      "is the cluster's",
    ],
    "encrypts too": [
      [
        identity(),
        federatedCredential(),
        roleAssignment(),
        allowing(
          "Microsoft.KeyVault/vaults/keys/decrypt/action",
          "Microsoft.KeyVault/vaults/keys/encrypt/action",
        ),
      ],
      "may also Microsoft.KeyVault/vaults/keys/encrypt/action",
    ],
  },
  passes: {
    "decrypts alone": [identity(), federatedCredential(), roleAssignment(), roleDefinition()],
    "a pipeline's": [
      identity(),
      federatedCredential({ subject: "project_path:a/b:ref_type:branch:ref:main" }),
      roleAssignment({ roleDefinitionId: CRYPTO_USER }),
    ],
    "somebody else's role": [
      identity(),
      federatedCredential(),
      roleAssignment({ principalId: "x", roleDefinitionId: OWNER }),
    ],
  },
  unknown: {
    "whose role it is": [
      [identity(), federatedCredential(), roleAssignment({ principalId: UNKNOWN })],
      "principalId",
    ],
  },
});

const pipelines = federatedCredential({ subject: "project_path:a/b:ref_type:branch:ref:main" });

describeRule("azure-identity-rewraps-alone", {
  violates: {
    "the status job decrypts": [
      [identity(), pipelines, roleAssignment(), roleDefinition()],
      "is a pipeline's that does not rewrap, and may decrypt",
    ],
    "by a wildcard": [
      [identity(), pipelines, roleAssignment(), allowing("microsoft.keyvault/vaults/keys/*")],
      "assign it a role without keys/decrypt/action",
    ],
    "by a built-in role": [
      [identity(), pipelines, roleAssignment({ roleDefinitionId: CRYPTO_USER })],
      "may decrypt",
    ],
    "by what its trust was made of": [
      [
        identity(),
        {
          ...federatedCredential({ ...pipelines.inputs, resourceName: undefined }),
          madeOf: { resourceName: [identity().urn] },
        },
        roleAssignment(),
        roleDefinition(),
      ],
      "may decrypt",
    ],
  },
  passes: {
    "the rewrap job": [
      identity({ resourceName: "sops-gitlab-rewrap" }),
      federatedCredential({ ...pipelines.inputs, resourceName: "sops-gitlab-rewrap" }),
      roleAssignment(),
      roleDefinition(),
    ],
    "one that only reads": [
      identity(),
      pipelines,
      roleAssignment(),
      allowing("Microsoft.KeyVault/vaults/keys/read"),
    ],
    "the cluster's": [identity(), federatedCredential(), roleAssignment(), roleDefinition()],
  },
  unknown: {
    "whose role it is": [[identity(), pipelines, roleAssignment({ principalId: UNKNOWN })], "principalId"],
  },
  limits: [
    { rewrapIdentities: ["flux"] },
    {
      violates: {
        "the usual name": [
          [
            identity({ resourceName: "sops-gitlab-rewrap" }),
            federatedCredential({ ...pipelines.inputs, resourceName: "sops-gitlab-rewrap" }),
            roleAssignment(),
            roleDefinition(),
          ],
          "may decrypt",
        ],
      },
      passes: { "the one named": [identity(), pipelines, roleAssignment(), roleDefinition()] },
    },
  ],
});

describeRule("azure-federated-credential-exact", {
  violates: {
    "any account": [
      federatedCredential({ subject: "system:serviceaccount:*:sops" }),
      "name one account or one branch",
    ],
    "plain http": [
      federatedCredential({ issuer: "http://oidc.example.com" }),
      "believes http://oidc.example.com; set issuer",
    ],
    "any branch": [
      federatedCredential({ subject: "project_path:a/b" }),
      "end the subject in ref_type:branch:ref:<branch>",
    ],
    "a tag": [
      federatedCredential({ subject: "project_path:a/b:ref_type:tag:ref:v1" }),
      "of every branch or tag",
    ],
    "another audience": [
      federatedCredential({ audiences: ["https://gitlab.example.com"] }),
      "that were made for https://gitlab.example.com",
    ],
    "no audience": [federatedCredential({ audiences: [] }), "made for anybody"],
  },
  passes: {
    "one account": federatedCredential(),
    "one branch": federatedCredential({ subject: "project_path:a/b:ref_type:branch:ref:main" }),
  },
  unknown: { "the subject": [federatedCredential({ subject: UNKNOWN }), "subject"] },
  limits: [
    { audiences: ["https://gitlab.example.com"] },
    {
      violates: { "Azure's own": [federatedCredential(), "set audiences to https://gitlab.example.com"] },
      passes: { "GitLab's": federatedCredential({ audiences: ["https://gitlab.example.com"] }) },
    },
  ],
});
