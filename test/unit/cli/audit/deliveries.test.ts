import { expect, test } from "vitest";
import { reportOfExport, reportOfOutputs } from "./support/audited";
import { exported, outputs, resource } from "./support/stack";

test("the outputs tell what Flux decrypts, as whom, and by which keys it can", async () => {
  const { deliveries } = await reportOfOutputs(outputs());
  expect(deliveries).toEqual([
    {
      ...{
        name: "flux-system/apps",
        identity: "serviceaccount:flux-system/kustomize-controller",
        folder: "./apps",
      },
      ...{ source: "https://git.example.com/deploy.git", branch: "main", namespace: null },
      keys: ["https://vault.example.com:8200/v1/transit/keys/sops"],
    },
    {
      ...{ name: "team-a/team", identity: "serviceaccount:team-a/flux", folder: "./team" },
      ...{ source: "https://git.example.com/deploy.git", branch: "main", namespace: null },
      keys: ["https://vault.example.com:8200/v1/transit/keys/sops"],
    },
  ]);
});

test("an account that may not decrypt: no key opens its files", async () => {
  const { deliveries } = await reportOfOutputs(outputs({ roles: [] }));
  expect(deliveries.map(({ keys }) => keys)).toEqual([[], []]);
});

test("Kustomizations that only the resources have", async () => {
  const kustomization = (name: string, spec: object) =>
    resource("kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization", name, {
      metadata: { name, namespace: "team-b" },
      spec: {
        path: "./b",
        sourceRef: { kind: "GitRepository", name: "deploy", namespace: "flux-system" },
        ...spec,
      },
    });
  const source = resource("kubernetes:source.toolkit.fluxcd.io/v1:GitRepository", "deploy", {
    metadata: { name: "deploy", namespace: "flux-system" },
    spec: { url: "https://git.example.com/deploy.git", ref: { branch: "live" } },
  });
  const { deliveries } = await reportOfExport(
    exported([
      source,
      kustomization("own", {
        decryption: { provider: "sops", serviceAccountName: "sops" },
        targetNamespace: "b",
      }),
      kustomization("controllers", { decryption: { provider: "sops" } }),
      kustomization("plain", {}),
    ]),
  );
  expect(deliveries.filter(({ name }) => name.startsWith("team-b/"))).toEqual([
    {
      ...{
        name: "team-b/own",
        identity: "serviceaccount:team-b/sops",
        folder: "./b",
        branch: "live",
        keys: [],
      },
      ...{ source: "https://git.example.com/deploy.git", namespace: "b" },
    },
    {
      ...{ name: "team-b/controllers", identity: "serviceaccount:flux-system/kustomize-controller" },
      ...{ folder: "./b", branch: "live", source: "https://git.example.com/deploy.git", namespace: null },
      keys: ["https://vault.example.com:8200/v1/transit/keys/sops"],
    },
  ]);
});

test("what starts pipelines: schedules, tokens by name, events, and how jobs may be started", async () => {
  const { triggers } = await reportOfExport(
    exported([
      resource("gitlab:index/pipelineSchedule:PipelineSchedule", "sweep", {
        ...{
          project: "101",
          description: "sopsloop: rewrap what is stale",
          cron: "23 * * * *",
          cronTimezone: "UTC",
        },
        active: true,
      }),
      resource("gitlab:index/pipelineTrigger:PipelineTrigger", "relay", {
        project: "101",
        description: "relay",
      }),
      resource("azure-native:eventgrid:SystemTopicEventSubscription", "events", {
        filter: { includedEventTypes: ["Microsoft.KeyVault.KeyNewVersionCreated"] },
      }),
    ]),
  );
  expect(triggers.map(({ kind, name, starts, when }) => `${kind} ${name}: ${starts}; ${when}`)).toEqual([
    "schedule sopsloop: rewrap what is stale: a pipeline of platform/deploy; 23 * * * * UTC",
    "token relay: a pipeline of platform/deploy; whenever its holder likes",
    "event events: the relay, and by it a pipeline; Microsoft.KeyVault.KeyNewVersionCreated",
    "source deploy-rewrap: jobs of platform/deploy that log in as deploy-rewrap; in pipelines started by schedule or trigger",
  ]);
});

test("the outputs alone tell the sweep and the names of the tokens", async () => {
  const starts = { tokens: ["relay"], sweep: { cron: "23 * * * *", timezone: "UTC" } };
  const { triggers } = await reportOfOutputs(outputs({ pipelines: { roles: [], variables: [], starts } }));
  expect(triggers.map(({ kind, name, when }) => [kind, name, when])).toEqual([
    ["schedule", "sweep", "23 * * * * UTC"],
    ["token", "relay", "whenever its holder likes"],
  ]);
});

test("a schedule that is switched off starts nothing, and is said to", async () => {
  const off = resource("gitlab:index/pipelineSchedule:PipelineSchedule", "s", {
    cron: "1 * * * *",
    active: false,
  });
  const { triggers } = await reportOfExport(exported([off]));
  expect(triggers[0]).toMatchObject({ when: "never: it is switched off (1 * * * * UTC)" });
});
