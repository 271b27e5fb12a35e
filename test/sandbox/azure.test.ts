import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { EventGridManagementClient } from "@azure/arm-eventgrid";
import { KeyVaultManagementClient } from "@azure/arm-keyvault";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DevOutputs } from "../../sandbox/dev-stack";
import { until } from "../../sandbox/processes/until";
import { DeployClone } from "../../sandbox/proof/deploy-clone";
import { Pipelines } from "../../sandbox/proof/pipelines";
import { keyServers } from "../../sandbox/proof/prove";
import { proveAzureRotation } from "../../sandbox/proof/prove-azure-rotation";
import { proveWithout } from "../../sandbox/proof/prove-without";
import { Sopsloop } from "../../sandbox/proof/sopsloop";
import { AzureApi } from "../../sandbox/servers/azure-api";
import { AZURE } from "../../sandbox/servers/azure-server";
import { GitLabApi } from "../../sandbox/servers/gitlab-api";
import { PROJECTS } from "../../sandbox/servers/gitlab-server";
import { KubeApi } from "../../sandbox/servers/kube-api";
import { describeNoSecrets } from "./support/describe-no-secrets";
import { devConfig, withAzure, withGitLab } from "./support/dev-config";
import { fluxToken } from "./support/flux-token";
import { Loop } from "./support/loop";
import { traceOf } from "./support/somebodys-job";
import type { Stack } from "./support/stack";
import { TOKENS } from "./support/tokens";

const VAULT = "https://kv-sops-dev.vault.azure.net";
const KEY = `${VAULT}/keys/sops`;
const [GROUP] = AZURE.resourceGroups;
const MONTH_MS = 30 * 86_400_000;
const REPORTER = 20;
const AUDIENCE = "api://AzureADTokenExchange";

interface Identity {
  readonly name: string;
  readonly clientId: string;
}

let loop: Loop;
let stack: Stack;
let gitlab: GitLabApi;
let azure: AzureApi;
let engineSaid = "";
let outputs: Required<Pick<DevOutputs, "gitlab" | "azure">> & DevOutputs;

beforeAll(async () => {
  loop = await Loop.start({ azure: true });
  const { layout } = loop;
  gitlab = GitLabApi.bot(layout);
  azure = AzureApi.deployer(layout);
  stack = await loop.stack("azure", { ...devConfig(layout), ...withGitLab(layout), ...withAzure(layout) });
  const { token } = await gitlab.client.ProjectAccessTokens.create(
    PROJECTS.deploy,
    "relay reads",
    ["read_api"],
    new Date(Date.now() + MONTH_MS).toISOString().slice(0, 10),
    { accessLevel: REPORTER },
  );
  await stack.succeedWith(token, "config", "set", "--secret", "sopsloop:relayReadToken");
  engineSaid = await stack.up();
  outputs = (await stack.outputs()) as unknown as typeof outputs;
});
afterAll(async () => {
  azure?.close();
  await gitlab?.close();
  await loop?.stop();
});

describe("one update makes the Azure half in the same graph, by a deployer with no more than the documented roles", () => {
  test("again, and after a refresh: no changes", async () => {
    engineSaid += await stack.up("--expect-no-changes");
    engineSaid += await stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    expect((await stack.plan()).filter(({ op }) => op !== "same" && op !== "read")).toEqual([]);
  });

  test("what Azure's own clients see is what was declared", async () => {
    const { credential, options } = azure;
    const { subscriptionId } = AZURE;
    const { vaults } = new KeyVaultManagementClient(credential, subscriptionId, options);
    expect((await vaults.get(GROUP, "kv-sops-dev")).properties).toMatchObject({
      enableRbacAuthorization: true,
      enablePurgeProtection: true,
      networkAcls: { defaultAction: "Deny", ipRules: [{ value: AZURE.clientAddress }] },
    });
    const key = await azure.keys(VAULT).getKey("sops");
    expect({ type: key.keyType, operations: key.keyOperations?.toSorted() }).toEqual({
      type: "RSA",
      operations: ["decrypt", "encrypt"],
    });
    const grid = new EventGridManagementClient(credential, subscriptionId, options);
    const events = await grid.systemTopicEventSubscriptions.get(GROUP, "sops-dev-weu", "sops-dev-rotations");
    expect(events).toMatchObject({
      provisioningState: "Succeeded",
      destination: { endpointType: "WebHook", endpointBaseUrl: `${loop.layout.ingress.address}/events` },
      filter: { includedEventTypes: ["Microsoft.KeyVault.KeyNewVersionCreated"] },
    });
  });

  test("each identity has one role, on the key and on nothing wider", async () => {
    const { roleAssignments, roleDefinitions } = new AuthorizationManagementClient(
      azure.credential,
      AZURE.subscriptionId,
      azure.options,
    );
    const group = `/subscriptions/${AZURE.subscriptionId}/resourceGroups/${GROUP}`;
    const scope = `${group}/providers/Microsoft.KeyVault/vaults/kv-sops-dev/keys/sops`;
    const actions: string[][] = [];
    for await (const { scope: where, roleDefinitionId = "" } of roleAssignments.listForScope(scope)) {
      if (where?.toLowerCase() !== scope.toLowerCase()) continue;
      const id = roleDefinitionId.split("/").at(-1) ?? "";
      const { permissions = [] } = await roleDefinitions.get(group, id);
      actions.push(permissions.flatMap(({ dataActions = [] }) => dataActions.map(shortAction).toSorted()));
    }
    expect(actions.toSorted()).toEqual([
      ["decrypt"],
      ["decrypt", "encrypt", "read"],
      ["encrypt", "read"],
      ["read"],
    ]);
  });

  test("no secret of the relay is plain in the state, the outputs or what the engine says", async () => {
    const shown = JSON.parse(await stack.succeed("stack", "output", "--json", "--show-secrets")) as {
      azure: { relay: { secrets: Record<string, string> } };
    };
    const { secrets } = shown.azure.relay;
    expect(Object.keys(secrets).toSorted()).toEqual([
      "GITLAB_READ_TOKEN",
      "GITLAB_TRIGGER_TOKEN",
      "RELAY_SECRET",
    ]);
    const exported = await stack.exported();
    for (const plain of [exported, JSON.stringify(outputs), engineSaid]) {
      expect(plain).not.toMatch(TOKENS);
      for (const secret of Object.values(secrets)) expect(plain).not.toContain(secret);
    }
  });

  test("the audit output names the key, and who may use it", () => {
    expect(outputs).toMatchObject({
      audit: {
        azure: {
          keys: [
            {
              mayDecrypt: ["sops-dev-flux-flux-system_kustomize-controller", "sops-dev-gitlab-rewrap"],
              mayEncrypt: ["sops-dev-gitlab-rewrap", "sops-dev-gitlab-chart"],
            },
          ],
        },
      },
    });
  });
});

describe("a secret has two keys, and Flux decrypts by either", () => {
  test("Azure down: by Vault's", async () => {
    await loop.sandbox.cluster.ready();
    const { lines } = await loop.prove(stack, keyServers(loop.sandbox).azure);
    expect(lines[2]).toContain("with Azure down");
  });

  test("Vault down: by Azure's", async () => {
    const { layout, env } = loop;
    const down = keyServers(loop.sandbox).vault;
    const sopsConfig = String(outputs.sopsConfig);
    const line = await proveWithout({ layout, env, sopsConfig, down, up: "Azure" });
    expect(line).toMatch(/^Vault down: Flux decrypted a new secret by the key in Azure/);
  });
});

describe("the key rotates", () => {
  test("and all the rest follows by itself, in one pipeline", async () => {
    const pipelines = new Pipelines(gitlab, PROJECTS.deploy);
    const before = await pipelines.all("trigger");
    const proof = await proveAzureRotation({ layout: loop.layout, env: loop.env, keyUrl: KEY });
    expect(proof.timeline.lines.map((line) => line.replace(/^\+ *[\d.]+ s {2}/, ""))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Key Vault: version \w{10} of sops is current, \w{10} was$/),
        `relay: told by Event Grid, started pipeline ${proof.pipeline}`,
        "GitLab: job sopsloop-rewrap has succeeded",
        `deploy repository: commit ${proof.commit.slice(0, 10)}`,
        "Flux: applied, told by GitLab's hook",
        "sopsloop status: 2 of 2 files fresh",
        `sopsloop retire --disable: version ${proof.from.slice(0, 10)} is disabled`,
      ]),
    );
    const after = await pipelines.all("trigger");
    expect(after.filter((id) => !before.includes(id))).toEqual([proof.pipeline]);
    // By its name a relay that was killed would find it.
    const name = `azure_kv kv-sops-dev/sops ${proof.to}`;
    expect(await gitlab.client.Pipelines.all(PROJECTS.deploy, { name })).toMatchObject([
      { id: proof.pipeline },
    ]);
  });

  test("an event that is lost wholly: no pipeline comes of it, status says what is stale, the sweep heals it", async () => {
    const { layout, env } = loop;
    const { admin } = loop.sandbox.azure;
    const pipelines = new Pipelines(gitlab, PROJECTS.deploy);
    const before = await pipelines.all("trigger");
    await admin.setSwitches({ drop: true });
    try {
      await azure.keys(VAULT).rotateKey("sops");
      await admin.drain();
    } finally {
      await admin.setSwitches({ drop: false });
    }
    expect(await pipelines.all("trigger")).toEqual(before);
    const clone = await DeployClone.of(layout.git.url, env);
    try {
      const person = new Sopsloop(clone.folder, env);
      expect((await person.status(1)).summary).toMatchObject({ stale: 2 });
      await pipelines.success(await pipelines.play(outputs.gitlab.sweepId));
      await clone.pull();
      expect((await person.status(0)).summary).toMatchObject({ fresh: 2, stale: 0 });
    } finally {
      clone.close();
    }
  });
});

describe("the delivery secret in the webhook's address (secretIn)", () => {
  const section = () => withAzure(loop.layout)["sopsloop:azure"] as { relay: object };

  test("Event Grid is let in by it, a rotation arrives, and nobody who may look sees it", async () => {
    const shown = JSON.parse(await stack.succeed("stack", "output", "--json", "--show-secrets")) as {
      azure: { relay: { secrets: { RELAY_SECRET: string } } };
    };
    const secret = shown.azure.relay.secrets.RELAY_SECRET;
    const { relay, ...rest } = section();
    stack.configure({ "sopsloop:azure": { ...rest, relay: { ...relay, secretIn: "address" } } });
    let said = await stack.succeed("preview", "--json");
    said += await stack.succeed("preview", "--diff");
    said += await stack.up();
    // The key has new versions since.
    said += await stack.succeed("refresh", "--yes", "--skip-preview");
    said += await stack.up("--expect-no-changes");
    const grid = new EventGridManagementClient(azure.credential, AZURE.subscriptionId, azure.options);
    const name = [GROUP, "sops-dev-weu", "sops-dev-rotations"] as const;
    const { systemTopicEventSubscriptions: all } = grid;
    expect((await all.getFullUrl(...name)).endpointUrl).toBe(
      `${loop.layout.ingress.address}/events?code=${secret}`,
    );
    const told = await all.get(...name);
    expect(told.destination).not.toHaveProperty("deliveryAttributeMappings");
    const plain = [
      said,
      JSON.stringify(told),
      await stack.exported(),
      await stack.succeed("stack", "output", "--json"),
    ];
    for (const text of plain) expect(text).not.toContain(secret);

    const pipelines = new Pipelines(gitlab, PROJECTS.deploy);
    const before = await pipelines.all("trigger");
    await azure.keys(VAULT).rotateKey("sops");
    await loop.sandbox.azure.admin.drain();
    const [started = 0, ...more] = (await pipelines.all("trigger")).filter((id) => !before.includes(id));
    expect(more).toEqual([]);
    await pipelines.success(started);
  });

  test("and back in the header, where it is by default", async () => {
    stack.configure({ "sopsloop:azure": section() });
    await stack.up();
    expect((await stack.plan()).filter(({ op }) => op !== "same" && op !== "read")).toEqual([]);
  });
});

describe("whoever is not meant to is refused", () => {
  const PLAIN = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  password: mine\n";

  /** `sops` as a service account of the cluster. */
  async function sopsAs(account: string, identity: string, ...words: string[]) {
    const kube = KubeApi.admin(loop.layout);
    try {
      const token = join(loop.layout.root, "account-token");
      writeFileSync(token, await fluxToken(kube, account, AUDIENCE), { mode: 0o600 });
      return await loop.as(
        {
          AZURE_CLIENT_SECRET: "",
          AZURE_CLIENT_ID: clientId(identity),
          AZURE_FEDERATED_TOKEN_FILE: token,
          VAULT_TOKEN: "none",
        },
        "sops",
        ...words,
      );
    } finally {
      kube.close();
    }
  }

  test("Flux's own account decrypts, and cannot encrypt; another account is nobody", async () => {
    const flux = "sops-dev-flux-flux-system_kustomize-controller";
    const clone = await DeployClone.of(loop.layout.git.url, loop.env);
    try {
      const file = join(clone.folder, "apps/proof.sops.yaml");
      expect((await sopsAs("kustomize-controller", flux, "decrypt", file)).stdout).toContain("password:");
      const plain = join(clone.folder, "plain.yaml");
      writeFileSync(plain, PLAIN);
      const encrypting = ["--config", "/dev/null", "encrypt", "--azure-kv", `${KEY}/`, plain];
      const refused = await sopsAs("kustomize-controller", flux, ...encrypting);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(/ForbiddenByRbac|does not have permission/);
      const stranger = await sopsAs("source-controller", flux, "decrypt", file);
      expect(stranger.code).not.toBe(0);
      expect(stranger.stderr).toContain("AADSTS700213");
    } finally {
      clone.close();
    }
  });

  test("a job of a branch that is not protected gets no token of Entra ID", async () => {
    const { start, id } = {
      id: PROJECTS.deploy,
      start: async () => {
        const shown = JSON.parse(await stack.succeed("stack", "output", "--json", "--show-secrets")) as {
          gitlab: { triggerTokens: { relay: string } };
        };
        const { PipelineTriggerTokens } = gitlab.client;
        const { relay } = shown.gitlab.triggerTokens;
        return (await PipelineTriggerTokens.trigger(PROJECTS.deploy, "sneaky", relay)).id;
      },
    };
    const trace = await traceOf(
      {
        ...{ project: "platform/deploy", id, branch: "sneaky", start },
        files: { "plain.yaml": PLAIN, ".gitlab-ci.yml": tryToEncrypt(clientId("sops-dev-gitlab-rewrap")) },
      },
      loop,
      gitlab,
    );
    expect(trace).toContain("AADSTS700213");
    expect(trace).toContain("refused, as it should be");
  });
});

describeNoSecrets(() => ({ loop, stack, azure, vault: VAULT }));

test("destroy takes everything back; the vault's name stays taken, and `recover` brings vault and key back", async () => {
  const config = { ...devConfig(loop.layout, { vault: { transit: { protect: false } } }) };
  const section = withAzure(loop.layout)["sopsloop:azure"] as Readonly<Record<string, unknown>>;
  const open = { ...section, key: { protect: false } };
  stack.configure({ "sopsloop:vault": config["sopsloop:vault"], "sopsloop:azure": open });
  await stack.up();
  const { id: before } = await azure.keys(VAULT).getKey("sops");
  await stack.succeed("destroy", "--yes");
  expect(await stack.resources()).toEqual([]);
  await until(async () => (loop.sandbox.cluster.relayPid === undefined ? true : undefined), {
    what: "the relay's pod to end",
    timeoutMs: 20_000,
  });
  const { code, stdout } = await stack.pulumi("up", "--yes", "--skip-preview");
  expect(code).not.toBe(0);
  expect(stdout).toMatch(
    /sopsloop:azure\.vaults\.weu\.name: is kv-sops-dev, which a deleted vault holds until \d{4}-\d{2}-\d{2}T[\d:.]+Z; set sopsloop:azure\.vaults\.weu\.recover to true/,
  );

  stack.configure({ "sopsloop:azure": { ...open, vaults: { weu: { name: "kv-sops-dev", recover: true } } } });
  await stack.up();
  expect((await azure.keys(VAULT).getKey("sops")).id).toBe(before);
  stack.configure({ "sopsloop:azure": open });
  await stack.up();
  expect((await stack.plan()).filter(({ op }) => op !== "same" && op !== "read")).toEqual([]);
  expect((await azure.keys(VAULT).getKey("sops")).id).toBe(before);
});

function clientId(name: string): string {
  const { identities } = (outputs as unknown as { audit: { azure: { identities: readonly Identity[] } } })
    .audit.azure;
  const found = identities.find((identity) => identity.name === name);
  if (!found) throw new Error(`no identity ${name} among ${identities.map((each) => each.name).join(", ")}`);
  return found.clientId;
}

function tryToEncrypt(client: string): string {
  return `try:
  id_tokens:
    AZURE_ID_TOKEN:
      aud: ${AUDIENCE}
  variables:
    AZURE_TENANT_ID: ${AZURE.tenantId}
    AZURE_CLIENT_ID: ${client}
  script:
    - printf %s "$AZURE_ID_TOKEN" > token
    - AZURE_FEDERATED_TOKEN_FILE=token sops --config /dev/null encrypt --azure-kv ${KEY}/ plain.yaml || echo refused, as it should be
`;
}

function shortAction(action: string): string {
  return action.replace("Microsoft.KeyVault/vaults/keys/", "").replace("/action", "");
}
