import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { sampleConfig } from "../../config/sample";
import { PROJECTS } from "../../gitlab/sample";
import { runProgram } from "../../program";
import { azureConfig, smallestAzure } from "../sample";

const options = { gitlab: PROJECTS };

test("jobs are told who they are, and whoever starts a pipeline may say which key has rotated", async () => {
  const { children } = await runProgram(azureConfig(), options);
  const file = children.find(({ name }) => name === "gitlab-file-.gitlab-ci.yml");
  const [header, jobs] = parseAllDocuments(String(file?.inputs.content)).map((document) => document.toJS());
  expect(Object.keys(header.spec.inputs)).toEqual(["backend", "key", "version", "app-ref"]);
  const told = jobs.include.map(({ local, inputs }: { local: string; inputs: Record<string, string> }) => [
    local,
    inputs["azure-client-id"],
    inputs["azure-tenant-id"],
    inputs["azure-audience"],
  ]);
  const rest = ["22222222-2222-2222-2222-222222222222", "api://AzureADTokenExchange"];
  expect(told).toEqual([
    [".gitlab/sopsloop/status.yml", "client-of-sops-prod-gitlab-status", ...rest],
    [".gitlab/sopsloop/rewrap.yml", "client-of-sops-prod-gitlab-rewrap", ...rest],
    [".gitlab/sopsloop/chart.yml", "client-of-sops-prod-gitlab-chart", ...rest],
  ]);
});

test("a job's identity trusts the project by the name that GitLab itself gives it", async () => {
  const { children } = await runProgram(azureConfig(), options);
  const trust = children.find(({ name }) => name === "azure-gitlab-rewrap-trust");
  expect(trust?.inputs.subject).toBe("project_path:Platform/deploy:ref_type:branch:ref:main");
  expect(trust?.inputs.issuer).toBe("https://gitlab.example.com");
});

test("the issuer is Vault's own where Vault has the cluster's keys from it", async () => {
  const config = {
    ...sampleConfig(),
    vault: {
      address: "https://vault.example.com",
      auth: { method: "jwt", keys: { discovery: "https://issuer.example.com" } },
    },
    azure: smallestAzure({ flux: undefined }),
  };
  const { children } = await runProgram(config);
  const trust = children.find(({ type }) => type.endsWith("FederatedIdentityCredential"));
  expect(trust?.inputs.issuer).toBe("https://issuer.example.com");
});
