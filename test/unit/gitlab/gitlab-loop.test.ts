import { createHash } from "node:crypto";
import { Provider } from "@pulumi/gitlab";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { receiverToken } from "../../../components/flux/receiver-path";
import { existingProject } from "../../../components/gitlab/existing-project";
import { sampleConfig } from "../config/sample";
import { build, lineOf } from "../harness";
import { runProgram } from "../program";
import { gitlabConfig, PROJECTS } from "./sample";

const ours = (type: string) => /^gitlab:|vault:jwt|vault:index\/policy|Receiver$|core\/v1:Secret$/.test(type);
/** The vendored pipelines are files of this project, and have tests of their own. */
const vendored = (name: string) => /file-\.gitlab\//.test(name);

test("everything that the GitLab half makes", async () => {
  const before = await runProgram(sampleConfig());
  const known = new Set(before.children.map(({ name }) => name));
  const { children } = await runProgram(gitlabConfig(), { gitlab: PROJECTS });
  const made = children.filter(
    ({ type, name }) =>
      ours(type) && !known.has(name) && !vendored(name) && name !== "gitlab-file-.gitlab-ci.yml",
  );
  expect(made.map(lineOf)).toMatchInlineSnapshot(`
    [
      "kubernetes:core/v1:Secret flux-receiver-token {"apiVersion":"v1","data":{"secret":{"token":"MGM2NGViMmRiZTUyMmQ3YmNlZGEwODM2ZDZkZjUwY2YzYzFhZmZmYjAxNzI2NTExOTJmNzFjMTQ4NzI3YzdiOQ=="}},"kind":"Secret","metadata":{"name":"sopsloop-receiver","namespace":"flux-system"}}",
      "kubernetes:notification.toolkit.fluxcd.io/v1:Receiver flux-receiver {"apiVersion":"notification.toolkit.fluxcd.io/v1","kind":"Receiver","metadata":{"name":"sopsloop","namespace":"flux-system"},"spec":{"events":["Push Hook"],"resources":[{"apiVersion":"source.toolkit.fluxcd.io/v1","kind":"GitRepository","name":"deploy"}],"secretRef":{"name":"sopsloop-receiver"},"type":"gitlab"}}",
      "gitlab:index/projectJobTokenScope:ProjectJobTokenScope gitlab-app-is-cloned {"project":"102","targetProjectId":101}",
      "gitlab:index/projectJobTokenScope:ProjectJobTokenScope gitlab-app-starts-chart {"project":"101","targetProjectId":102}",
      "gitlab:index/branchProtection:BranchProtection gitlab-branch {"allowForcePush":false,"allowedToMerges":[{"accessLevel":"maintainer"}],"allowedToPushes":[{"accessLevel":"maintainer"}],"branch":"main","project":"101"}",
      "gitlab:index/project:Project gitlab-project retained import=101 {"ciConfigPath":"","ciIdTokenSubClaimComponents":["project_path","ref_type","ref"],"ciPipelineVariablesMinimumOverrideRole":"no_one_allowed","ciPushRepositoryForJobTokenAllowed":true,"description":"what Flux applies","forkingAccessLevel":"disabled","name":"Deploy","publicJobs":false,"resourceGroupDefaultProcessMode":"oldest_first"}",
      "gitlab:index/repositoryFile:RepositoryFile gitlab-file-.sops.yaml {"authorName":"sopsloop","branch":"main","commitMessage":"sopsloop: .sops.yaml [skip ci]","content":"creation_rules:\\n  - path_regex: \\\\.sops\\\\.ya?ml$\\n    encrypted_regex: ^(data|stringData)$\\n    mac_only_encrypted: true\\n    hc_vault_transit_uri: https://vault.example.com:443/v1/transit/keys/sops\\n","encoding":"text","filePath":".sops.yaml","overwriteOnCreate":true,"project":"101"}",
      "gitlab:index/pipelineSchedule:PipelineSchedule gitlab-sweep {"active":true,"cron":"23 * * * *","cronTimezone":"UTC","description":"sopsloop: rewrap what is stale","project":"101","ref":"refs/heads/main","takeOwnership":true}",
      "gitlab:index/pipelineTrigger:PipelineTrigger gitlab-trigger-relay {"description":"sopsloop: relay","project":"101"}",
      "gitlab:index/pipelineTrigger:PipelineTrigger gitlab-trigger-relay-2 {"description":"sopsloop: relay-2","project":"101"}",
      "gitlab:index/projectVariable:ProjectVariable gitlab-variable-DB_PASSWORD {"environmentScope":"production","key":"DB_PASSWORD","masked":true,"project":"101","protected":true,"raw":true,"value":{"secret":"correct-horse"},"variableType":"env_var"}",
      "gitlab:index/projectVariable:ProjectVariable gitlab-vault-cacert {"description":"CA that signed Vault's certificate","key":"VAULT_CACERT","masked":false,"project":"101","protected":false,"raw":true,"value":"-----BEGIN CERTIFICATE-----\\nMIIBjDCCATGgAwIBAgIUPaZXntRFqA81mZUWi5saMOekELcwCgYIKoZIzj0EAwIw\\nGzEZMBcGA1UEAwwQc29wc2xvb3AgdGVzdCBDQTAeFw0yNjExMjMxNDQyMzZaFw0z\\nNjExMjAxNDQyMzZaMBsxGTAXBgNVBAMMEHNvcHNsb29wIHRlc3QgQ0EwWTATBgcq\\nhkjOPQIBBggqhkjOPQMBBwNCAAT4bCBseVFMvfKfDrESpkuESNjK13IKZvfN3sxV\\nUKOMPFla1GkY4bv//0tuYVo1bCkHBxCDJ8Ri+8ecUyHvA/Fro1MwUTAdBgNVHQ4E\\nFgQUM/CS9pczBidxWi5AU1qsVZG7oTUwHwYDVR0jBBgwFoAUM/CS9pczBidxWi5A\\nU1qsVZG7oTUwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA416N\\ncEL/b886W1sRqJLA+ZUoOHH89gYbOglUoMMeVUcCIQDlnGaJxE+Ls3ndsjJW0XkD\\nycZWU3ghUtSiaoNFLOSzTA==\\n-----END CERTIFICATE-----\\n","variableType":"file"}",
      "gitlab:index/projectHook:ProjectHook gitlab-hook {"branchFilterStrategy":"wildcard","description":"sopsloop: reconcile at once","enableSslVerification":true,"name":"Flux","project":"101","pushEvents":true,"pushEventsBranchFilter":"main","token":{"secret":"0c64eb2dbe522d7bceda0836d6df50cf3c1afffb0172651192f71c148727c7b9"},"url":{"secret":"https://flux-hooks.example.com/hook/402386d26518c5a3a3330f73bb43cb037a284c0649463f8ac8a35cb4f7af102f"}}",
      "vault:jwt/authBackend:AuthBackend gitlab-auth {"boundIssuer":"https://gitlab.example.com","description":"Made by sopsloop, stack sopsloop/test","oidcDiscoveryCaPem":"-----BEGIN CERTIFICATE-----\\nMIIBjDCCATGgAwIBAgIUPaZXntRFqA81mZUWi5saMOekELcwCgYIKoZIzj0EAwIw\\nGzEZMBcGA1UEAwwQc29wc2xvb3AgdGVzdCBDQTAeFw0yNjExMjMxNDQyMzZaFw0z\\nNjExMjAxNDQyMzZaMBsxGTAXBgNVBAMMEHNvcHNsb29wIHRlc3QgQ0EwWTATBgcq\\nhkjOPQIBBggqhkjOPQMBBwNCAAT4bCBseVFMvfKfDrESpkuESNjK13IKZvfN3sxV\\nUKOMPFla1GkY4bv//0tuYVo1bCkHBxCDJ8Ri+8ecUyHvA/Fro1MwUTAdBgNVHQ4E\\nFgQUM/CS9pczBidxWi5AU1qsVZG7oTUwHwYDVR0jBBgwFoAUM/CS9pczBidxWi5A\\nU1qsVZG7oTUwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA416N\\ncEL/b886W1sRqJLA+ZUoOHH89gYbOglUoMMeVUcCIQDlnGaJxE+Ls3ndsjJW0XkD\\nycZWU3ghUtSiaoNFLOSzTA==\\n-----END CERTIFICATE-----\\n","oidcDiscoveryUrl":"https://gitlab.example.com","path":"gitlab","type":"jwt"}",
      "vault:jwt/authBackendRole:AuthBackendRole gitlab-role-sops-chart {"backend":"gitlab","boundAudiences":["https://vault.example.com:443"],"boundClaims":{"pipeline_source":"pipeline,web","project_id":"101","ref":"main","ref_protected":"true","ref_type":"branch"},"boundClaimsType":"string","claimMappings":{"job_id":"job_id","pipeline_id":"pipeline_id","ref":"ref","user_login":"user_login"},"roleName":"sops-chart","roleType":"jwt","tokenNoDefaultPolicy":true,"tokenPolicies":["sops-chart"],"tokenTtl":900,"tokenType":"batch","userClaim":"project_id"}",
      "vault:jwt/authBackendRole:AuthBackendRole gitlab-role-sops-rewrap {"backend":"gitlab","boundAudiences":["https://vault.example.com:443"],"boundClaims":{"pipeline_source":"trigger,schedule","project_id":"101","ref":"main","ref_protected":"true","ref_type":"branch"},"boundClaimsType":"string","claimMappings":{"job_id":"job_id","pipeline_id":"pipeline_id","ref":"ref","user_login":"user_login"},"roleName":"sops-rewrap","roleType":"jwt","tokenNoDefaultPolicy":true,"tokenPolicies":["sops-rewrap"],"tokenTtl":900,"tokenType":"batch","userClaim":"project_id"}",
      "vault:jwt/authBackendRole:AuthBackendRole gitlab-role-sops-status {"backend":"gitlab","boundAudiences":["https://vault.example.com:443"],"boundClaims":{"pipeline_source":"merge_request_event,push","project_id":"101","ref_type":"branch"},"boundClaimsType":"string","claimMappings":{"job_id":"job_id","pipeline_id":"pipeline_id","ref":"ref","user_login":"user_login"},"roleName":"sops-status","roleType":"jwt","tokenNoDefaultPolicy":true,"tokenPolicies":["sops-status"],"tokenTtl":900,"tokenType":"batch","userClaim":"project_id"}",
      "vault:index/policy:Policy gitlab-chart {"name":"sops-chart","policy":"path \\"transit/encrypt/sops\\" {\\n  capabilities = [\\"update\\"]\\n}\\n\\npath \\"transit/hmac/sops\\" {\\n  capabilities = [\\"update\\"]\\n}\\n"}",
      "vault:index/policy:Policy gitlab-rewrap {"name":"sops-rewrap","policy":"path \\"transit/rewrap/sops\\" {\\n  capabilities = [\\"update\\"]\\n}\\n\\npath \\"transit/keys/sops\\" {\\n  capabilities = [\\"read\\"]\\n}\\n"}",
    ]
  `);
});

test("nothing of it without its config", async () => {
  const { children, exported } = await runProgram(sampleConfig());
  expect(children.filter(({ type }) => type.includes("gitlab") || type.includes("Receiver"))).toEqual([]);
  expect(exported).not.toHaveProperty("gitlab");
  expect(exported.audit).not.toHaveProperty("pipelines");
});

test("a preview makes the same resources as an update", async () => {
  const update = await runProgram(gitlabConfig(), { gitlab: PROJECTS });
  const preview = await runProgram(gitlabConfig(), { gitlab: PROJECTS, preview: true });
  expect(preview.children.map(({ urn }) => urn)).toEqual(update.children.map(({ urn }) => urn));
});

test("the CI file says the stack's own values, and the chart job's caller may choose the app's ref only", async () => {
  const { children } = await runProgram(gitlabConfig(), { gitlab: PROJECTS });
  const file = children.find(({ name }) => name === "gitlab-file-.gitlab-ci.yml");
  expect(file?.inputs.content).toMatchInlineSnapshot(`
    "# Written by sopsloop from the stack's config: change that, not this file.
    spec:
      inputs:
        backend:
          description: Kind of the key that was rotated, as sops calls it.
          default: ""
          regex: ^[a-z_]{0,32}$
        key:
          description: The key that was rotated.
          default: ""
          regex: ^[\\w./:-]{0,256}$
        version:
          description: Its new version.
          default: ""
          regex: ^\\w{0,64}$
        app-ref:
          description: Branch or tag of the app that the chart job takes.
          default: main
          regex: ^[\\w.-]+(/[\\w.-]+)*$
    ---
    workflow:
      name: $[[ inputs.backend ]] $[[ inputs.key ]] $[[ inputs.version ]]
      rules:
        - if: $CI_PIPELINE_SOURCE == "merge_request_event"
        - if: $CI_COMMIT_BRANCH == "main"
    stages:
      - test
      - deploy
    default:
      tags:
        - deploy
    include:
      - local: .gitlab/sopsloop/status.yml
        inputs:
          vault-address: https://vault.example.com:443
          vault-auth-path: gitlab
          vault-audience: https://vault.example.com:443
          branch: main
          image: registry.example.com/sopsloop:1
          vault-role: sops-status
      - local: .gitlab/sopsloop/rewrap.yml
        inputs:
          vault-address: https://vault.example.com:443
          vault-auth-path: gitlab
          vault-audience: https://vault.example.com:443
          branch: main
          image: registry.example.com/sopsloop:1
          vault-role: sops-rewrap
          rotated: $[[ inputs.backend ]] $[[ inputs.key ]] $[[ inputs.version ]]
      - local: .gitlab/sopsloop/chart.yml
        inputs:
          vault-address: https://vault.example.com:443
          vault-auth-path: gitlab
          vault-audience: https://vault.example.com:443
          branch: main
          image: registry.example.com/sopsloop:1
          vault-role: sops-chart
          environment: production
          chart: chart
          mapping: chart/secrets.yaml
          into: apps/app
          namespace: app
          app-project: platform/app
          app-ref: $[[ inputs.app-ref ]]
    "
  `);
});

test("in a Vault namespace each job is told where to log in, and the role's audience stays the address", async () => {
  const config = gitlabConfig();
  const namespaced = { ...config, vault: { ...(config.vault as object), namespace: "team/a" } };
  const { children } = await runProgram(namespaced, { gitlab: PROJECTS });
  const text = String(children.find(({ name }) => name === "gitlab-file-.gitlab-ci.yml")?.inputs.content);
  const [, jobsText = ""] = text.split("\n---\n");
  const { include } = parse(jobsText) as { include: { inputs: Record<string, string> }[] };
  expect(include).toHaveLength(3);
  for (const { inputs } of include)
    expect(inputs).toMatchObject({
      "vault-address": "https://vault.example.com:443",
      "vault-namespace": "team/a",
      "vault-auth-path": "gitlab",
      "vault-audience": "https://vault.example.com:443",
    });
});

test("without an app there is no chart job, no role and no policy for it", async () => {
  const { children } = await runProgram(gitlabConfig({ app: undefined }), { gitlab: PROJECTS });
  expect(children.filter(({ name }) => /chart|gitlab-app/.test(name))).toEqual([]);
  const file = children.find(({ name }) => name === "gitlab-file-.gitlab-ci.yml");
  const [, jobsText = ""] = String(file?.inputs.content).split("\n---\n");
  const jobs = parse(jobsText) as { include: { local: string }[] };
  expect(jobs.include.map(({ local }) => local)).toEqual([
    ".gitlab/sopsloop/status.yml",
    ".gitlab/sopsloop/rewrap.yml",
  ]);
});

test("a deploy key takes the place of the job token", async () => {
  const deployKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample";
  const { children } = await runProgram(gitlabConfig({ deployKey }), { gitlab: PROJECTS });
  const named = (name: string) => children.find((child) => child.name === name)?.inputs;
  expect(named("gitlab-deploy-key")).toEqual({
    project: "101",
    title: "sopsloop",
    key: deployKey,
    canPush: true,
  });
  expect(named("gitlab-project")?.ciPushRepositoryForJobTokenAllowed).toBe(false);
});

test("the Community Edition takes roles where the other takes lists", async () => {
  const { children } = await runProgram(gitlabConfig({ edition: "community", developersMayMerge: true }), {
    gitlab: PROJECTS,
  });
  expect(children.find(({ name }) => name === "gitlab-branch")?.inputs).toEqual({
    project: "101",
    branch: "main",
    allowForcePush: false,
    pushAccessLevel: "maintainer",
    mergeAccessLevel: "developer",
  });
});

test("the hook's path is the one that Flux makes of the Receiver's token", async () => {
  const { children } = await runProgram(gitlabConfig(), { gitlab: PROJECTS });
  const hook = JSON.stringify(children.find(({ name }) => name === "gitlab-hook")?.inputs.url);
  const token = receiverToken("the-trigger-token");
  const path = createHash("sha256").update(`${token}sopsloopflux-system`).digest("hex");
  expect(hook).toContain(`https://flux-hooks.example.com/hook/${path}`);
});

test("outputs: tokens are secret, and the auditor sees roles and names of variables", async () => {
  const { exported } = await runProgram(gitlabConfig(), { gitlab: PROJECTS });
  const { gitlab, audit } = exported as { gitlab: Record<string, unknown>; audit: Record<string, unknown> };
  const { triggerTokens, ...rest } = gitlab;
  expect(triggerTokens).toMatchObject({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value: { relay: "the-trigger-token", "relay-2": "the-trigger-token" },
  });
  expect(rest).toMatchInlineSnapshot(`
    {
      "address": "https://gitlab.example.com",
      "authPath": "gitlab",
      "project": "platform/deploy",
      "projectId": "101",
      "roles": {
        "chart": "sops-chart",
        "rewrap": "sops-rewrap",
        "status": "sops-status",
      },
      "sweepId": 2,
    }
  `);
  expect(audit.pipelines).toMatchInlineSnapshot(`
    {
      "roles": [
        {
          "audience": "https://vault.example.com:443",
          "auth": "auth/gitlab",
          "name": "sops-rewrap",
          "policies": [
            "sops-rewrap",
          ],
          "projectId": "101",
          "protectedBranch": "main",
          "sources": [
            "trigger",
            "schedule",
          ],
          "ttlSeconds": 900,
        },
        {
          "audience": "https://vault.example.com:443",
          "auth": "auth/gitlab",
          "name": "sops-status",
          "policies": [
            "sops-status",
          ],
          "projectId": "101",
          "protectedBranch": null,
          "sources": [
            "merge_request_event",
            "push",
          ],
          "ttlSeconds": 900,
        },
        {
          "audience": "https://vault.example.com:443",
          "auth": "auth/gitlab",
          "name": "sops-chart",
          "policies": [
            "sops-chart",
          ],
          "projectId": "101",
          "protectedBranch": "main",
          "sources": [
            "pipeline",
            "web",
          ],
          "ttlSeconds": 900,
        },
      ],
      "starts": {
        "sweep": {
          "cron": "23 * * * *",
          "timezone": "UTC",
        },
        "tokens": [
          "relay",
          "relay-2",
        ],
      },
      "variables": [
        "VAULT_CACERT (*)",
        "DB_PASSWORD (production)",
      ],
    }
  `);
});

test("no secret stands in the clear: variables, tokens, the Receiver's path", async () => {
  const { children, exported } = await runProgram(gitlabConfig(), { gitlab: PROJECTS });
  const { triggerTokens: _, ...outputs } = exported.gitlab as Record<string, unknown>;
  const text = JSON.stringify([outputs, exported.audit]);
  expect(text).not.toMatch(/the-trigger-token|correct-horse|\/hook\//);
  for (const { inputs } of children)
    for (const value of Object.values(inputs).filter((one) => typeof one === "string"))
      expect(value).not.toMatch(/the-trigger-token|correct-horse|\/hook\//);
});

test("a project that is not there is told with the config's key", async () => {
  const looking = build(async () => {
    const provider = new Provider("gitlab", {});
    await existingProject("platform/nowhere", "sopsloop:gitlab.project", provider);
  });
  await expect(looking).rejects.toThrow(
    "sopsloop:gitlab.project: GitLab has no project platform/nowhere for this token: 404 Project Not Found; correct the path, or set GITLAB_TOKEN to a token of a Maintainer of it",
  );
});
