import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { JwtLogin, type JwtLoginArgs } from "../../../components/vault/jwt-login";
import { childrenOf, outputsOf } from "../harness";
import { NOTHING } from "./take-overs";

const args: JwtLoginArgs = {
  mount: "jwt",
  decryptors: { default: { namespace: "flux-system", serviceAccount: "kustomize-controller" } },
  audience: "https://vault.example.com:8200",
  policy: "sops-flux-decrypt",
  tokenTtl: 600,
  existing: NOTHING,
  keys: { pem: ["public-key"] },
};

test("with public keys at hand", async () => {
  expect(await childrenOf(() => new JwtLogin("flux", args))).toMatchInlineSnapshot(`
    [
      "vault:jwt/authBackend:AuthBackend flux-auth {"description":"by-test","jwtValidationPubkeys":["public-key"],"path":"jwt","type":"jwt"}",
      "vault:jwt/authBackendRole:AuthBackendRole flux-role-flux-system_kustomize-controller {"backend":"jwt","boundAudiences":["https://vault.example.com:8200"],"boundSubject":"system:serviceaccount:flux-system:kustomize-controller","roleName":"flux-system_kustomize-controller","roleType":"jwt","tokenNoDefaultPolicy":true,"tokenPolicies":["sops-flux-decrypt"],"tokenTtl":600,"tokenType":"batch","userClaim":"sub"}",
    ]
  `);
});

test.each([
  [
    { discovery: "https://issuer.example.com" },
    '{"description":"by-test","oidcDiscoveryUrl":"https://issuer.example.com","path":"jwt","type":"jwt"}',
  ],
  [
    { jwks: "https://issuer.example.com/keys" },
    '{"description":"by-test","jwksUrl":"https://issuer.example.com/keys","path":"jwt","type":"jwt"}',
  ],
])("with %j", async (keys, inputs) => {
  const lines = await childrenOf(() => new JwtLogin("flux", { ...args, keys }));
  expect(lines[0]).toBe(`vault:jwt/authBackend:AuthBackend flux-auth ${inputs}`);
});

test("with a private CA and a bound issuer", async () => {
  const keys = { jwks: "https://issuer.example.com/keys", caPem: pulumi.output("ca-pem") };
  const lines = await childrenOf(() => new JwtLogin("flux", { ...args, keys, issuer: "https://issuer" }));
  expect(lines[0]).toMatchInlineSnapshot(
    `"vault:jwt/authBackend:AuthBackend flux-auth {"boundIssuer":"https://issuer","description":"by-test","jwksCaPem":"ca-pem","jwksUrl":"https://issuer.example.com/keys","path":"jwt","type":"jwt"}"`,
  );
});

test("registers the login path and the roles, in preview too", async () => {
  const outputs = await outputsOf(() => new JwtLogin("flux", args));
  expect(outputs).toMatchInlineSnapshot(`
    {
      "loginPath": "auth/jwt/login",
      "roles": [
        {
          "audience": "https://vault.example.com:8200",
          "auth": "auth/jwt",
          "name": "flux-system_kustomize-controller",
          "namespaces": [
            "flux-system",
          ],
          "policies": [
            "sops-flux-decrypt",
          ],
          "serviceAccounts": [
            "kustomize-controller",
          ],
          "tokenType": "batch",
          "ttlSeconds": 600,
        },
      ],
    }
  `);
  expect(await outputsOf(() => new JwtLogin("flux", args), { preview: true })).toEqual(outputs);
});
