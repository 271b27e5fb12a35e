import { expect, test } from "vitest";
import { PROJECTS } from "../../gitlab/sample";
import { runProgram } from "../../program";
import { azureConfig, ours } from "../sample";

const options = { gitlab: PROJECTS };

test("outputs: what scripts and auditors need, with no secret in the clear", async () => {
  const { exported, children } = await runProgram(azureConfig(), options);
  const { azure, audit } = exported as { azure: Record<string, unknown>; audit: Record<string, unknown> };
  const { relay, ...rest } = azure;
  expect(rest).toMatchInlineSnapshot(`
    {
      "keys": [
        "https://kv-sops-prod-weu.vault.azure.net/keys/sops",
        "https://kv-sops-prod-neu.vault.azure.net/keys/sops",
      ],
      "roles": {
        "decrypt": "/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Authorization/roleDefinitions/b27c2b0f-e7e2-821e-adb1-4c56885bd674",
        "encrypt": "/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Authorization/roleDefinitions/a73e30f9-7043-85dc-afa9-2c293ad86ed8",
        "rewrap": "/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Authorization/roleDefinitions/1390702c-212a-86f1-ad91-fd7ef5ba2028",
        "status": "/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Authorization/roleDefinitions/ef9aa43f-d5c2-8a4f-a7b8-f8be420b12fc",
      },
      "tenantId": "22222222-2222-2222-2222-222222222222",
    }
  `);
  expect(audit.azure).toMatchInlineSnapshot(`
    {
      "identities": [
        {
          "audience": "api://AzureADTokenExchange",
          "clientId": "client-of-sops-prod-flux-flux-system_kustomize-controller",
          "issuer": "https://oidc.example.com/cluster/",
          "may": [
            "decrypt",
          ],
          "name": "sops-prod-flux-flux-system_kustomize-controller",
          "subject": "system:serviceaccount:flux-system:kustomize-controller",
        },
        {
          "audience": "api://AzureADTokenExchange",
          "clientId": "client-of-sops-prod-gitlab-rewrap",
          "issuer": "https://gitlab.example.com",
          "may": [
            "read",
            "encrypt",
            "decrypt",
          ],
          "name": "sops-prod-gitlab-rewrap",
          "subject": "project_path:Platform/deploy:ref_type:branch:ref:main",
        },
        {
          "audience": "api://AzureADTokenExchange",
          "clientId": "client-of-sops-prod-gitlab-status",
          "issuer": "https://gitlab.example.com",
          "may": [
            "read",
          ],
          "name": "sops-prod-gitlab-status",
          "subject": "project_path:Platform/deploy:ref_type:branch:ref:main",
        },
        {
          "audience": "api://AzureADTokenExchange",
          "clientId": "client-of-sops-prod-gitlab-chart",
          "issuer": "https://gitlab.example.com",
          "may": [
            "read",
            "encrypt",
          ],
          "name": "sops-prod-gitlab-chart",
          "subject": "project_path:Platform/deploy:ref_type:branch:ref:main",
        },
      ],
      "keys": [
        {
          "expiresAfter": "P2Y",
          "mayDecrypt": [
            "sops-prod-flux-flux-system_kustomize-controller",
            "sops-prod-gitlab-rewrap",
          ],
          "mayEncrypt": [
            "sops-prod-gitlab-rewrap",
            "sops-prod-gitlab-chart",
          ],
          "mayRead": [
            "sops-prod-gitlab-rewrap",
            "sops-prod-gitlab-status",
            "sops-prod-gitlab-chart",
          ],
          "name": "sops",
          "rotatesAfter": "P90D",
          "rotatesBeforeExpiry": null,
          "size": 3072,
          "type": "RSA",
          "url": "https://kv-sops-prod-weu.vault.azure.net/keys/sops",
          "vault": "kv-sops-prod-weu",
        },
        {
          "expiresAfter": "P2Y",
          "mayDecrypt": [
            "sops-prod-flux-flux-system_kustomize-controller",
            "sops-prod-gitlab-rewrap",
          ],
          "mayEncrypt": [
            "sops-prod-gitlab-rewrap",
            "sops-prod-gitlab-chart",
          ],
          "mayRead": [
            "sops-prod-gitlab-rewrap",
            "sops-prod-gitlab-status",
            "sops-prod-gitlab-chart",
          ],
          "name": "sops",
          "rotatesAfter": "P90D",
          "rotatesBeforeExpiry": null,
          "size": 3072,
          "type": "RSA",
          "url": "https://kv-sops-prod-neu.vault.azure.net/keys/sops",
          "vault": "kv-sops-prod-neu",
        },
      ],
    }
  `);
  const { secrets: _, ...open } = relay as Record<string, unknown>;
  expect(open).toMatchInlineSnapshot(`
    {
      "environment": {
        "GITLAB_PROJECT": "101",
        "GITLAB_REF": "main",
        "GITLAB_URL": "https://gitlab.example.com",
        "RELAY_AUTH": "secret",
        "RELAY_KEYS": "kv-sops-prod-weu/sops,kv-sops-prod-neu/sops",
        "RELAY_SUBSCRIPTIONS": "sops-prod-rotations",
      },
      "subscriptionIds": [
        "azure-events-subscription-weu-id",
        "azure-events-subscription-neu-id",
      ],
      "url": "https://func-sops-prod.azurewebsites.net",
    }
  `);
  expect(JSON.stringify([rest, open, audit])).not.toMatch(/the-trigger-token/);
  for (const { inputs } of children.filter(ours))
    for (const value of Object.values(inputs).filter((one) => typeof one === "string"))
      expect(value).not.toMatch(/the-trigger-token/);
});
