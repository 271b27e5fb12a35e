import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from "jose";
import { type TestAzure, testAzure } from "../../../../emulators/azure/support/test-azure";
import { EmulatedKey } from "./emulated-key";

const ISSUER = "https://gitlab.example.com";
const AUDIENCE = "api://AzureADTokenExchange";
const SUBJECT = "project_path:platform/deploy:ref_type:branch:ref:main";
const ARM = "https://management.azure.com";
const GROUP = "sops-test";
const ADMINISTRATOR = "00482a5a-887f-4fb3-b363-3b7fe8e74483";

/** What an identity may do with the keys of every vault here. */
export const RIGHTS = {
  /** sops, on a developer's machine. */
  everything: ["read", "encrypt/action", "decrypt/action"],
  rewrap: ["read", "decrypt/action"],
  chart: ["read", "encrypt/action"],
  status: ["read"],
  retire: ["read", "update/action"],
  flux: ["decrypt/action"],
} as const;
export type Who = keyof typeof RIGHTS;

/**
 * The emulator of Azure with two vaults, and identities with no more than their rights, to which jobs of a GitLab are federated. It runs
 * in this process: whoever waits for sops must not stand still.
 */
export class EmulatedAzure {
  private readonly clients = new Map<Who, string>();

  private constructor(
    private readonly azure: TestAzure,
    private readonly issuer: Server,
    private readonly signing: CryptoKey,
    private readonly vaults: readonly [string, string],
  ) {}

  static async start(): Promise<EmulatedAzure> {
    const { privateKey, publicKey } = await generateKeyPair("RS256");
    const keys = { keys: [{ ...(await exportJWK(publicKey)), alg: "RS256", use: "sig", kid: "test" }] };
    const issuer = createServer((request, response) => {
      const { port } = issuer.address() as AddressInfo;
      const document = { issuer: ISSUER, jwks_uri: `http://127.0.0.1:${port}/keys` };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(request.url === "/keys" ? keys : document));
    }).listen(0, "127.0.0.1");
    await once(issuer, "listening");
    const address = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    const azure = await testAzure({ issuers: [{ issuer: ISSUER, address }] });
    const emulated = new EmulatedAzure(azure, issuer, privateKey, ["sopsloop-one", "sopsloop-two"]);
    await emulated.provision();
    return emulated;
  }

  async stop(): Promise<void> {
    await this.azure.close();
    this.issuer.closeAllConnections();
    this.issuer.close();
  }

  get proxyAddress(): string {
    return this.azure.address;
  }

  /** An ID token such as GitLab gives to a job of the protected branch. */
  idToken(claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now - 5, nbf: now - 5, exp: now + 600 };
    return new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub: SUBJECT, ...times, ...claims })
      .setProtectedHeader({ alg: "RS256", kid: "test" })
      .sign(this.signing);
  }

  /** What is set for somebody, but for the ID token. */
  env(who: Who): Readonly<Record<string, string>> {
    return {
      HTTPS_PROXY: this.azure.address,
      SSL_CERT_FILE: this.azure.ca,
      AZURE_TENANT_ID: this.azure.tenantId,
      AZURE_CLIENT_ID: this.clients.get(who) ?? "",
    };
  }

  /** A new RSA key in the first or the second vault. */
  async newKey(which: 0 | 1 = 0): Promise<EmulatedKey> {
    const { azure } = this;
    return EmulatedKey.create(
      azure,
      `https://${this.vaults[which]}.vault.azure.net/keys/key-${randomUUID()}`,
    );
  }

  private async provision(): Promise<void> {
    const scope = `/subscriptions/${this.azure.subscriptionId}`;
    await this.put(`${scope}/resourceGroups/${GROUP}`, "2024-11-01", { location: "westeurope" });
    const group = `${scope}/resourceGroups/${GROUP}`;
    for (const name of this.vaults)
      await this.put(`${group}/providers/Microsoft.KeyVault/vaults/${name}`, "2024-11-01", {
        location: "westeurope",
        properties: {
          tenantId: this.azure.tenantId,
          sku: { family: "A", name: "standard" },
          enableRbacAuthorization: true,
        },
      });
    await this.assign(group, ADMINISTRATOR, this.azure.deployer.objectId);
    for (const who of Object.keys(RIGHTS) as Who[]) {
      const { application, principal } = this.azure.core.directory.addApplication({ displayName: who });
      application.federated.push({ name: "gitlab", issuer: ISSUER, subject: SUBJECT, audience: AUDIENCE });
      this.clients.set(who, application.appId);
      await this.assign(group, await this.role(scope, who), principal.id);
    }
  }

  private async role(scope: string, who: Who): Promise<string> {
    const id = randomUUID();
    const dataActions = RIGHTS[who].map((right) => `Microsoft.KeyVault/vaults/keys/${right}`);
    await this.put(`${scope}/providers/Microsoft.Authorization/roleDefinitions/${id}`, "2022-04-01", {
      properties: {
        roleName: `sops ${who}`,
        type: "CustomRole",
        permissions: [{ actions: [], notActions: [], dataActions, notDataActions: [] }],
        assignableScopes: [scope],
      },
    });
    return id;
  }

  private async assign(scope: string, role: string, principalId: string): Promise<void> {
    const roleDefinitionId = `/subscriptions/${this.azure.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
    const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
    const properties = { principalId, principalType: "ServicePrincipal", roleDefinitionId };
    await this.put(path, "2022-04-01", { properties });
  }

  private async put(path: string, version: string, body: object): Promise<void> {
    const token = await this.azure.token(`${ARM}/.default`);
    const answer = await this.azure.ask("PUT", `${ARM}${path}?api-version=${version}`, { token, body });
    if (answer.status >= 300) throw new Error(`PUT ${path}: ${answer.status}: ${answer.text}`);
  }
}
