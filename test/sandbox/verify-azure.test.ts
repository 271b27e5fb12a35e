import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { EventGridManagementClient } from "@azure/arm-eventgrid";
import { KeyVaultManagementClient, type NetworkRuleSet } from "@azure/arm-keyvault";
import { ManagedServiceIdentityClient } from "@azure/arm-msi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AzureApi } from "../../sandbox/servers/azure-api";
import { AZURE } from "../../sandbox/servers/azure-server";
import { VerifiedLoop } from "./support/verified-loop";

const [GROUP] = AZURE.resourceGroups;
const VAULT = "kv-sops-dev";
const URL_OF_KEY = `https://${VAULT}.vault.azure.net/keys/sops`;
const FLUX = "sops-dev-flux-flux-system_kustomize-controller";
const CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424";
const ROWS = [
  "azure-vault",
  "azure-key",
  "azure-rotation",
  "azure-roles",
  "azure-trust",
  "azure-login",
  "azure-round-trip",
  "azure-events",
  "relay",
];

interface Fault {
  readonly what: string;
  /** The row that has to be the first to fail, and what it has to say. */
  readonly row: string;
  readonly why: RegExp;
  /** Others that fail for the same reason. */
  readonly also?: readonly string[];
  readonly inject: () => Promise<unknown>;
  readonly mend: () => Promise<unknown>;
}

let it: VerifiedLoop;
let azure: AzureApi;

beforeAll(async () => {
  it = await VerifiedLoop.start("verify-azure", undefined, { azure: true });
  azure = AzureApi.deployer(it.loop.layout);
  // Flux may still be about what came last.
  await it.untilItHolds();
});
afterAll(async () => {
  azure?.close();
  await it?.stop();
});

const scope = `/subscriptions/${AZURE.subscriptionId}/resourceGroups/${GROUP}/providers/Microsoft.KeyVault/vaults/${VAULT}/keys/sops`;
const arm = () => {
  const { credential, options } = azure;
  const { subscriptionId } = AZURE;
  return {
    vaults: new KeyVaultManagementClient(credential, subscriptionId, options).vaults,
    roles: new AuthorizationManagementClient(credential, subscriptionId, options).roleAssignments,
    identities: new ManagedServiceIdentityClient(credential, subscriptionId, options),
    events: new EventGridManagementClient(credential, subscriptionId, options).systemTopicEventSubscriptions,
  };
};
const keys = () => azure.keys(`https://${VAULT}.vault.azure.net`);
const network = (rules: NetworkRuleSet) =>
  arm().vaults.update(GROUP, VAULT, { properties: { networkAcls: rules } });
const ALLOWED = { bypass: "None", ipRules: [{ value: AZURE.clientAddress }] };
const principalOf = async (name: string) =>
  (await arm().identities.userAssignedIdentities.get(GROUP, name)).principalId ?? "";

/** The roles of an identity on the key itself. */
async function rolesOf(name: string) {
  const principal = await principalOf(name);
  const found: { name: string; principalId: string; roleDefinitionId: string }[] = [];
  for await (const {
    name: id = "",
    principalId = "",
    roleDefinitionId = "",
    scope: at,
  } of arm().roles.listForScope(scope))
    if (principalId === principal && at?.toLowerCase() === scope.toLowerCase())
      found.push({ name: id, principalId, roleDefinitionId });
  return found;
}

let taken: Awaited<ReturnType<typeof rolesOf>> = [];
let given = "";
let expires: Date | undefined;
async function give(principalId: string, at = scope): Promise<void> {
  given = crypto.randomUUID();
  const roleDefinitionId = `/subscriptions/${AZURE.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${CRYPTO_USER}`;
  await arm().roles.create(at, given, { principalId, principalType: "ServicePrincipal", roleDefinitionId });
}
const currentVersion = async () => (await keys().getKey("sops")).properties.version ?? "";
const credentials = () => arm().identities.federatedIdentityCredentials;
const trust = async (name: string, subject: string) =>
  credentials().createOrUpdate(GROUP, FLUX, name, {
    issuer: it.loop.layout.kubernetes.address,
    subject,
    audiences: ["api://AzureADTokenExchange"],
  });

const FAULTS: readonly Fault[] = [
  {
    what: "a vault that is open to everybody",
    row: "azure-vault",
    why: /takes requests from everywhere/,
    inject: () => network({ ...ALLOWED, defaultAction: "Allow" }),
    mend: () => network({ ...ALLOWED, defaultAction: "Deny" }),
  },
  {
    what: "a key whose current version is disabled",
    row: "azure-key",
    why: /the current, is disabled: nothing can be encrypted/,
    inject: async () => keys().updateKeyProperties("sops", await currentVersion(), { enabled: false }),
    mend: async () => keys().updateKeyProperties("sops", await currentVersion(), { enabled: true }),
  },
  {
    what: "a key whose current version has expired",
    row: "azure-key",
    why: /the current, has expired \(2026-01-01T00:00Z\): nothing can be encrypted/,
    inject: async () => {
      const { properties } = await keys().getKey("sops");
      expires = properties.expiresOn;
      await keys().updateKeyProperties("sops", properties.version ?? "", {
        expiresOn: new Date("2026-01-01T00:00:00Z"),
      });
    },
    mend: async () =>
      keys().updateKeyProperties("sops", await currentVersion(), {
        expiresOn: expires ?? new Date("2099-01-01T00:00:00Z"),
      }),
  },
  {
    what: "a key that may wrap as well",
    row: "azure-key",
    why: /is made to decrypt, encrypt, wrapKey, declared is decrypt, encrypt/,
    inject: async () =>
      keys().updateKeyProperties("sops", await currentVersion(), {
        keyOps: ["encrypt", "decrypt", "wrapKey"],
      }),
    mend: async () =>
      keys().updateKeyProperties("sops", await currentVersion(), { keyOps: ["encrypt", "decrypt"] }),
  },
  {
    what: "a key that rotates at another time",
    row: "azure-rotation",
    why: /rotates P60D after a version was made.*, declared is: rotates P90D/,
    inject: () => rotateAfter("P60D"),
    mend: () => rotateAfter("P90D"),
  },
  {
    what: "an identity whose role was taken away",
    row: "azure-roles",
    why: new RegExp(`${FLUX} may not decrypt by ${URL_OF_KEY}: it has no role there`),
    also: ["azure-round-trip"],
    inject: async () => {
      taken = await rolesOf(FLUX);
      for (const { name } of taken) await arm().roles.delete(scope, name);
    },
    mend: async () => {
      for (const { name, principalId, roleDefinitionId } of taken)
        await arm().roles.create(scope, name, {
          principalId,
          principalType: "ServicePrincipal",
          roleDefinitionId,
        });
    },
  },
  {
    what: "an identity that may do more",
    row: "azure-roles",
    why: new RegExp(`${FLUX} may also read, by Key Vault Crypto User on ${scope.toLowerCase()}`),
    inject: async () => give(await principalOf(FLUX)),
    mend: () => arm().roles.delete(scope, given),
  },
  {
    what: "somebody else with a role on the key",
    row: "azure-roles",
    why: /somebody else \(.*\) has Key Vault Crypto User on .*: read, encrypt, decrypt/,
    inject: async () => {
      const { principalId = "" } = await arm().identities.userAssignedIdentities.createOrUpdate(
        GROUP,
        "stranger",
        {
          location: AZURE.location,
        },
      );
      await give(principalId);
    },
    mend: () => arm().roles.delete(scope, given),
  },
  {
    what: "an identity that trusts one more",
    row: "azure-trust",
    why: /trusts system:serviceaccount:default:default of .*; declared is system:serviceaccount:flux-system:kustomize-controller/,
    inject: () => trust("more", "system:serviceaccount:default:default"),
    mend: () => credentials().delete(GROUP, FLUX, "more"),
  },
  {
    what: "an identity that trusts nobody any more, so that the account cannot log in",
    row: "azure-trust",
    why: /trusts nobody: system:serviceaccount:flux-system:kustomize-controller gets no token/,
    also: ["azure-login"],
    inject: () => credentials().delete(GROUP, FLUX, "kubernetes"),
    mend: () => trust("kubernetes", "system:serviceaccount:flux-system:kustomize-controller"),
  },
  {
    what: "an event subscription for other keys",
    row: "azure-events",
    why: /is for keys like other, declared is sops/,
    inject: () => filterBy("other"),
    mend: () => filterBy("sops"),
  },
  {
    what: "a relay that does not run",
    row: "relay",
    why: /cannot be reached from here|answers 50\d/,
    inject: async () => {
      await it.kubectl("--namespace=sopsloop-relay", "scale", "deployment/sopsloop-relay", "--replicas=0");
      await it.untilRow("relay", "failed");
    },
    mend: () =>
      it.kubectl("--namespace=sopsloop-relay", "scale", "deployment/sopsloop-relay", "--replicas=1"),
  },
];

function rotateAfter(timeAfterCreate: string) {
  return keys().updateKeyRotationPolicy("sops", {
    ...policy,
    lifetimeActions: (policy.lifetimeActions ?? []).map((one) =>
      one.action === "Rotate" ? { ...one, timeAfterCreate } : one,
    ),
  });
}
let policy: Awaited<ReturnType<ReturnType<typeof keys>["getKeyRotationPolicy"]>>;

async function filterBy(name: string): Promise<void> {
  const found = await arm().events.get(GROUP, "sops-dev-weu", "sops-dev-rotations");
  const filter = { ...found.filter, subjectBeginsWith: name, subjectEndsWith: name };
  await arm().events.beginUpdateAndWait(
    GROUP,
    "sops-dev-weu",
    "sops-dev-rotations",
    { filter },
    { updateIntervalInMs: 50 },
  );
}

describe("a loop with keys in Azure that holds", () => {
  test("every row is ok, those of Azure among them", async () => {
    const { code, rows } = await it.verify();
    expect(rows.filter(({ result }) => result === "failed")).toEqual([]);
    expect(rows.map(({ id }) => id).slice(-ROWS.length)).toEqual(ROWS);
    const found = Object.fromEntries(rows.map(({ id, result, why }) => [id, `${result}: ${why}`]));
    expect(ROWS.map((id) => found[id])).toEqual([
      `ok: ${VAULT}: roles only, purge protection, default deny`,
      expect.stringMatching(`^ok: ${URL_OF_KEY}, version \\w{32}$`),
      expect.stringMatching(/^ok: rotates P90D after a version was made/),
      expect.stringContaining(`ok: ${FLUX}: decrypt; `),
      expect.stringContaining(`ok: ${FLUX}: system:serviceaccount:flux-system:kustomize-controller; `),
      `ok: flux-system/kustomize-controller as ${FLUX}`,
      `ok: opened as ${FLUX}`,
      `ok: sops-dev-rotations to ${it.loop.layout.ingress.address}/events`,
      `ok: ${it.loop.layout.ingress.address} answers; whether it is ready is not let through`,
    ]);
    expect(found["sops-config"]).toContain(URL_OF_KEY);
    expect(code).toBe(0);
  });

  test("a new secret, encrypted by both keys, arrives", async () => {
    const { rows, code } = await it.verify(["--end-to-end"]);
    expect(rows.at(-1)).toMatchObject({ id: "end-to-end", result: "ok" });
    expect(code).toBe(0);
  });

  test("without an identity in Azure its rows are skipped and say so; the others are as they were", async () => {
    const none = { AZURE_CLIENT_SECRET: "", AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential" };
    const { code, rows } = await it.verify([], none);
    const skipped = rows
      .filter(({ id, result }) => result === "skipped" && ROWS.includes(id))
      .map(({ id, why }) => [id, why]);
    const why = expect.stringMatching(/^no Azure identity: a CI job has .*, a person runs `az login`/);
    // The accounts log in by their own tokens, and the relay is open to everybody.
    const open = ["azure-login", "relay"];
    expect(skipped).toEqual(ROWS.filter((id) => !open.includes(id)).map((id) => [id, why]));
    expect(code).toBe(0);
  });

  test("an identity that may read nothing is told what it lacks", async () => {
    const { code, rows } = await it.verify([], await it.asFlux(FLUX));
    const why = Object.fromEntries(rows.map((row) => [row.id, `${row.result}: ${row.why}`]));
    expect(why["azure-vault"]).toMatch(/^skipped: this identity may not read .*; it takes the role Reader$/);
    expect(code).toBe(0);
  });
});

describe("a loop with keys in Azure that does not hold", () => {
  beforeAll(async () => {
    policy = await keys().getKeyRotationPolicy("sops");
  });

  test.each(FAULTS.map((fault) => [fault.what, fault] as const))(
    "the first row that fails names %s",
    async (_what, { row, why, also = [], inject, mend }) => {
      await inject();
      const { code, rows } = await it.verify().finally(mend);
      const failed = rows.filter(({ result }) => result === "failed");
      expect(failed[0]).toMatchObject({
        id: row,
        why: expect.stringMatching(why),
        next: expect.stringMatching(/\w/),
      });
      expect(failed.slice(1).map(({ id }) => id)).toEqual(also);
      expect(code).toBe(1);
      await it.untilItHolds();
    },
  );

  test("a subscription that is gone, and a .sops.yaml that leaves the key in Azure out", async () => {
    await arm().events.beginDeleteAndWait(GROUP, "sops-dev-weu", "sops-dev-rotations", {
      updateIntervalInMs: 50,
    });
    let before = "";
    await it.commit("Without Azure", (clone) => {
      before = clone.read(".sops.yaml");
      clone.write(".sops.yaml", before.replaceAll(VAULT, "kv-another"));
    });
    const { rows } = await it.verify();
    await it.commit("With it", (clone) => clone.write(".sops.yaml", before));
    const failed = rows.filter(({ result }) => result === "failed").map(({ id, why }) => [id, why]);
    expect(failed).toEqual([
      ["sops-config", expect.stringContaining(`not ${URL_OF_KEY}, character for character`)],
      [
        "azure-events",
        expect.stringContaining("sops-dev-rotations is gone: rotations are seen by the sweep only"),
      ],
    ]);
  });
});
