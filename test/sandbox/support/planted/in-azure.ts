import type { EventSubscriptionUpdateParameters } from "@azure/arm-eventgrid";
import type { LiveAzure } from "../live-azure";
import type { Planted } from "./planted";

type InAzure = Planted<LiveAzure>;

const FLUX = "sops-dev-flux-flux-system_kustomize-controller";
const TOPIC = "sops-dev-weu";
const SUBSCRIPTION = "sops-dev-rotations";
const NEW_VERSION = "Microsoft.KeyVault.KeyNewVersionCreated";
const FAST = { updateIntervalInMs: 20 };

let takeBack: () => Promise<unknown> = async () => undefined;

/** Somebody gets a role that decrypts. */
const given = (identity: string, scope: keyof LiveAzure["ids"]): Pick<InAzure, "plant" | "heal"> => ({
  plant: async (loop) => {
    takeBack = await loop.assign(await loop.principal(identity), loop.ids[scope]);
  },
  heal: () => takeBack(),
});

/** An identity trusts somebody else's tokens. */
const trusted = (
  identity: string,
  trust: { issuer: string; subject: string },
): Pick<InAzure, "plant" | "heal"> => ({
  plant: ({ identities, group }) =>
    identities.federatedIdentityCredentials.createOrUpdate(group, identity, "planted", {
      ...trust,
      audiences: ["api://AzureADTokenExchange"],
    }),
  heal: ({ identities, group }) => identities.federatedIdentityCredentials.delete(group, identity, "planted"),
});

const vault = (change: object, back: object): Pick<InAzure, "plant" | "heal"> => ({
  plant: ({ vaults, group, vaultName }) => vaults.update(group, vaultName, { properties: change }),
  heal: ({ vaults, group, vaultName }) => vaults.update(group, vaultName, { properties: back }),
});

const key = (change: object, back: object): Pick<InAzure, "plant" | "heal"> => ({
  plant: ({ keys }) => keys.updateKeyProperties("sops", change),
  heal: ({ keys }) => keys.updateKeyProperties("sops", back),
});

const rotation = (after: string) => ({
  expiresIn: "P2Y",
  lifetimeActions: [
    { action: "Rotate" as const, timeAfterCreate: after },
    { action: "Notify" as const, timeBeforeExpiry: "P30D" },
  ],
});

const filtered = (loop: LiveAzure, types: string[]) => {
  const change: EventSubscriptionUpdateParameters = {
    filter: {
      includedEventTypes: types,
      subjectBeginsWith: "sops",
      subjectEndsWith: "sops",
      advancedFilters: [{ operatorType: "StringIn", key: "subject", values: ["sops"] }],
    },
  };
  return loop.events.beginUpdateAndWait(loop.group, TOPIC, SUBSCRIPTION, change, FAST);
};

/** The vault, its key, who may use it, and who is told. */
export const IN_AZURE: readonly InAzure[] = [
  {
    id: "azure-role-assignment",
    how: "a foreign identity decrypts by a role on the key",
    where: /\/keys\/sops$/,
    what: /^ServicePrincipal \S+ has Key Vault Crypto User, which allows read, encrypt, decrypt/,
    ...given("mallory", "key"),
  },
  {
    id: "azure-role-assignment",
    how: "a foreign identity decrypts by a role on the vault",
    where: /\/vaults\/kv-sops-dev$/,
    what: /has Key Vault Crypto User/,
    ...given("mallory", "vault"),
  },
  {
    id: "azure-role-inherited",
    how: "a foreign identity decrypts by a role on the whole group",
    where: "https://kv-sops-dev.vault.azure.net/keys/sops",
    what: /by \/subscriptions\/\S+\/resourcegroups\/rg-sops-dev$/,
    ...given("mallory", "group"),
  },
  {
    id: "azure-identity-rights",
    how: "the status job decrypts",
    where: "sops-dev-gitlab-status",
    what: /allows encrypt, decrypt, .* too$/,
    ...given("sops-dev-gitlab-status", "key"),
  },
  {
    id: "azure-federated-credential",
    how: "Flux's identity trusts another cluster",
    where: `${FLUX}, planted`,
    what: /trusts system:serviceaccount:flux-system:kustomize-controller of https:\/\/issuer\.example\.com/,
    ...trusted(FLUX, {
      issuer: "https://issuer.example.com",
      subject: "system:serviceaccount:flux-system:kustomize-controller",
    }),
  },
  {
    id: "azure-federated-credential",
    how: "the rewrap job's identity trusts jobs of another branch",
    where: "sops-dev-gitlab-rewrap, planted",
    what: /ref:feature of https:\/\/gitlab\.example\.com/,
    ...trusted("sops-dev-gitlab-rewrap", {
      issuer: "https://gitlab.example.com",
      subject: "project_path:platform/deploy:ref_type:branch:ref:feature",
    }),
  },
  {
    id: "azure-vault-network",
    how: "the vault answers the whole internet",
    where: "kv-sops-dev",
    what: /defaultAction is Allow/,
    ...vault({ networkAcls: { defaultAction: "Allow" } }, { networkAcls: { defaultAction: "Deny" } }),
  },
  {
    id: "azure-vault-access-policies",
    how: "access policies say who may use the key",
    where: "kv-sops-dev",
    what: /enableRbacAuthorization is off/,
    ...vault({ enableRbacAuthorization: false }, { enableRbacAuthorization: true }),
  },
  {
    id: "azure-vault-unlogged",
    how: "uses of the key are told to nobody",
    where: "kv-sops-dev",
    what: /no diagnostic setting takes its AuditEvent/,
    plant: (loop) => loop.unlog(),
    heal: (loop) => loop.stack.up("--refresh"),
  },
  {
    id: "azure-key-operations",
    how: "the key signs, too",
    where: "https://kv-sops-dev.vault.azure.net/keys/sops",
    what: /it may sign too/,
    ...key({ keyOps: ["encrypt", "decrypt", "sign"] }, { keyOps: ["encrypt", "decrypt"] }),
  },
  {
    id: "azure-key-disabled",
    how: "the current version is switched off",
    where: "https://kv-sops-dev.vault.azure.net/keys/sops",
    what: /the current version is off/,
    ...key({ enabled: false }, { enabled: true }),
  },
  {
    id: "azure-key-rotation",
    how: "the key rotates once a year",
    where: "https://kv-sops-dev.vault.azure.net/keys/sops",
    what: /P365D after it was made, declared is P90D/,
    plant: ({ keys }) => keys.updateKeyRotationPolicy("sops", rotation("P365D")),
    heal: ({ keys }) => keys.updateKeyRotationPolicy("sops", rotation("P90D")),
  },
  {
    id: "azure-key-missing",
    how: "the key is deleted",
    where: "https://kv-sops-dev.vault.azure.net/keys/sops",
    what: /no such key/,
    plant: async ({ keys }) => (await keys.beginDeleteKey("sops", { intervalInMs: 20 })).pollUntilDone(),
    heal: async ({ keys }) =>
      (await keys.beginRecoverDeletedKey("sops", { intervalInMs: 20 })).pollUntilDone(),
  },
  {
    id: "azure-events-unfiltered",
    how: "the relay is told of everything",
    where: /\/eventSubscriptions\/sops-dev-rotations$/,
    what: /tells of Microsoft\.KeyVault\.KeyNewVersionCreated, Microsoft\.KeyVault\.SecretNewVersionCreated/,
    plant: (loop) => filtered(loop, [NEW_VERSION, "Microsoft.KeyVault.SecretNewVersionCreated"]),
    heal: (loop) => filtered(loop, [NEW_VERSION]),
  },
  {
    id: "azure-events-elsewhere",
    how: "somebody else is told",
    where: /\/eventSubscriptions\/planted$/,
    what: /it goes to 127\.0\.0\.1:9/,
    plant: async (loop) => {
      const destination = {
        endpointType: "WebHook" as const,
        endpointUrl: "https://127.0.0.1:9/spy?code=hush",
      };
      // Nobody answers there: Azure keeps the subscription, and says that it has failed.
      await loop.events
        .beginCreateOrUpdateAndWait(loop.group, TOPIC, "planted", { destination }, FAST)
        .catch(() => undefined);
    },
    heal: (loop) => loop.events.beginDeleteAndWait(loop.group, TOPIC, "planted", FAST),
  },
  {
    id: "azure-events-missing",
    how: "nobody is told",
    where: /\/eventSubscriptions\/sops-dev-rotations$/,
    what: /no such subscription/,
    plant: (loop) => loop.events.beginDeleteAndWait(loop.group, TOPIC, SUBSCRIPTION, FAST),
    heal: (loop) => loop.stack.up("--refresh"),
  },
];
