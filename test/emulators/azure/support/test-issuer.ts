import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { CertificateAuthority } from "../../../../sandbox/servers/certificate-authority";

const AUDIENCE = "api://AzureADTokenExchange";

export interface TokenWishes {
  readonly sub: string;
  readonly aud?: string;
  readonly iss?: string;
  /** Seconds from now. */
  readonly lifetime?: number;
  /** By a key that the issuer does not publish. */
  readonly forged?: boolean;
}

/** Somebody else's OpenID Connect issuer, as a cluster or GitLab is: discovery and keys on the loopback device. */
export async function testIssuer() {
  const folder = mkdtempSync(join(tmpdir(), "sopsloop-issuer-"));
  const authority = await CertificateAuthority.open(folder, "test issuer CA");
  const files = await authority.issue("issuer", { commonName: "issuer", hosts: ["127.0.0.1"] });
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const other = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), kid: "one", use: "sig" };
  const server = createServer(
    { cert: readFileSync(files.certificate), key: readFileSync(files.key) },
    (request, response) => {
      const isKeys = request.url === "/keys";
      const document = { issuer: issuer(), jwks_uri: `${issuer()}/keys` };
      response.writeHead(isKeys || request.url?.startsWith("/.well-known") ? 200 : 404);
      response.end(JSON.stringify(isKeys ? { keys: [jwk] } : document));
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const issuer = () => `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer: issuer(),
    ca: join(folder, "ca.pem"),
    token: ({ sub, aud = AUDIENCE, iss = issuer(), lifetime = 600, forged = false }: TokenWishes) => {
      const now = Math.floor(Date.now() / 1_000);
      return new SignJWT({})
        .setProtectedHeader({ alg: "RS256", kid: forged ? "two" : "one" })
        .setIssuer(iss)
        .setSubject(sub)
        .setAudience(aud)
        .setIssuedAt(now - 3_600)
        .setExpirationTime(now + lifetime)
        .sign(forged ? other.privateKey : privateKey);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type TestIssuer = Awaited<ReturnType<typeof testIssuer>>;
