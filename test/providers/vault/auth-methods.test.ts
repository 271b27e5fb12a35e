import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PluginClient, Resource } from "../plugin-client";
import { Bench } from "./bench";
import { publicKeyPem, type VaultProcess } from "./vault-process";

const AUTH = "vault:index/authBackend:AuthBackend";
const KUBERNETES_CONFIG = "vault:kubernetes/authBackendConfig:AuthBackendConfig";
const KUBERNETES_ROLE = "vault:kubernetes/authBackendRole:AuthBackendRole";
const JWT = "vault:jwt/authBackend:AuthBackend";
const JWT_ROLE = "vault:jwt/authBackendRole:AuthBackendRole";

let bench: Bench;
let vault: VaultProcess;
let plugin: PluginClient;

beforeAll(async () => {
  bench = await Bench.start();
  ({ vault, plugin } = bench);
});
afterAll(() => bench?.stop());

describe("Kubernetes authentication", () => {
  const backend = "kubernetes";
  let mounted: Resource;

  it("is mounted and tuned", async () => {
    const inputs = {
      type: "kubernetes",
      path: backend,
      description: "a cluster",
      tune: { maxLeaseTtl: "1h30m" },
    };
    mounted = await plugin.create(AUTH, inputs);
    expect(mounted).toMatchObject({
      id: backend,
      outputs: { path: backend, tune: { maxLeaseTtl: "1h30m" } },
    });
    await bench.expectSettled(AUTH, mounted, inputs, {
      tune: { defaultLeaseTtl: "768h", maxLeaseTtl: "1h30m", tokenType: "default-service" },
    });
    mounted = await plugin.update(AUTH, mounted, {
      ...inputs,
      description: "the cluster",
      tune: { maxLeaseTtl: "2h" },
    });
    expect(await vault.api.read("sys/mounts/auth/kubernetes")).toMatchObject({
      description: "the cluster",
      config: { max_lease_ttl: 7200 },
    });
    expect((await plugin.checkOnly(AUTH, { type: "x", tune: { maxTtl: "1h" } })).failures[0]).toMatch(
      /^tune\.maxTtl: tune has no property "maxTtl"; it has defaultLeaseTtl, /,
    );
  });

  it("is configured, and keeps the reviewer's token when only the rest changes", async () => {
    const ca = readFileSync(vault.ca, "utf8");
    const inputs = {
      backend,
      kubernetesHost: "https://127.0.0.1:6443",
      kubernetesCaCert: ca,
      tokenReviewerJwt: "eyJhbGciOiJSUzI1NiJ9.e30.reviewer",
      disableIssValidation: true,
      disableLocalCaJwt: true,
    };
    const config = await plugin.create(KUBERNETES_CONFIG, inputs, ["tokenReviewerJwt"]);
    expect(config.id).toBe("auth/kubernetes/config");
    expect(plugin.secretOutputs).toContain("tokenReviewerJwt");
    await bench.expectSettled(KUBERNETES_CONFIG, config, inputs, { tokenReviewerJwt: "" });

    const changed = await plugin.update(KUBERNETES_CONFIG, config, {
      ...inputs,
      kubernetesHost: "https://127.0.0.1:7443",
    });
    expect(await vault.api.read("auth/kubernetes/config")).toMatchObject({
      kubernetes_host: "https://127.0.0.1:7443",
      token_reviewer_jwt_set: true,
    });
    await vault.api.write("auth/kubernetes/config", {
      kubernetes_host: "https://evil:6443",
      disable_local_ca_jwt: true,
    });
    const drifted = (await plugin.read(KUBERNETES_CONFIG, changed)) as Resource;
    const detailed = (await plugin.diff(KUBERNETES_CONFIG, drifted, changed.inputs)).detailed;
    expect(detailed).toMatchObject({ kubernetesHost: "UPDATE", kubernetesCaCert: "UPDATE" });
    await plugin.delete(KUBERNETES_CONFIG, changed);
    expect(await vault.api.read("auth/kubernetes/config")).toBeDefined();
  });

  it("keeps a write-only reviewer token out of its state", async () => {
    const inputs = {
      backend,
      kubernetesHost: "https://127.0.0.1:6443",
      tokenReviewerJwtWo: "eyJhbGciOiJSUzI1NiJ9.e30.writeonly",
      tokenReviewerJwtWoVersion: 1,
      disableLocalCaJwt: true,
    };
    const config = await plugin.create(KUBERNETES_CONFIG, inputs, ["tokenReviewerJwtWo"]);
    expect(config.outputs).not.toHaveProperty("tokenReviewerJwtWo");
    expect((await vault.api.read("auth/kubernetes/config"))?.token_reviewer_jwt_set).toBe(true);
    const next = { ...inputs, tokenReviewerJwtWoVersion: 2 };
    expect(
      (await plugin.diff(KUBERNETES_CONFIG, config, await plugin.check(KUBERNETES_CONFIG, next))).detailed,
    ).toEqual({
      tokenReviewerJwtWoVersion: "UPDATE",
    });
    await plugin.update(KUBERNETES_CONFIG, config, next);
    expect((await vault.api.read("auth/kubernetes/config"))?.token_reviewer_jwt_set).toBe(true);
  });

  it("has roles", async () => {
    const inputs = {
      backend,
      roleName: "flux-system_kustomize-controller",
      boundServiceAccountNames: ["kustomize-controller"],
      boundServiceAccountNamespaces: ["flux-system"],
      audience: "https://127.0.0.1:18200",
      tokenPolicies: ["flux-decrypt"],
      tokenTtl: 600,
      tokenType: "batch",
      tokenNoDefaultPolicy: true,
      tokenBoundCidrs: ["127.0.0.1/32"],
    };
    const role = await plugin.create(KUBERNETES_ROLE, inputs);
    expect(role.id).toBe("auth/kubernetes/role/flux-system_kustomize-controller");
    await bench.expectSettled(KUBERNETES_ROLE, role, inputs);

    await vault.api.write(role.id, { bound_service_account_names: ["*"], token_ttl: 86400 });
    const drifted = (await plugin.read(KUBERNETES_ROLE, role)) as Resource;
    expect((await plugin.diff(KUBERNETES_ROLE, drifted, role.inputs)).detailed).toEqual({
      boundServiceAccountNames: "UPDATE",
      tokenTtl: "UPDATE",
    });
    const { tokenTtl: _ttl, audience: _audience, ...less } = inputs;
    const reduced = await plugin.update(KUBERNETES_ROLE, drifted, less);
    expect(await vault.api.read(role.id)).toMatchObject({
      bound_service_account_names: ["kustomize-controller"],
      token_ttl: 0,
    });
    expect((await vault.api.read(role.id))?.audience).toBeUndefined();
    await bench.expectSettled(KUBERNETES_ROLE, reduced, less);
    await plugin.delete(KUBERNETES_ROLE, reduced);
    expect(await plugin.read(KUBERNETES_ROLE, reduced)).toBeUndefined();
    await plugin.delete(KUBERNETES_ROLE, reduced);
  });

  it("moves, and goes with everything", async () => {
    const moved = await plugin.update(AUTH, mounted, { ...mounted.inputs, path: "cluster" });
    expect(await vault.api.read("auth/cluster/config")).toBeDefined();
    await plugin.delete(AUTH, moved);
    expect(await plugin.read(AUTH, moved)).toBeUndefined();
    expect(await plugin.read(KUBERNETES_CONFIG, "auth/cluster/config")).toBeUndefined();
  });
});

describe("JWT authentication", () => {
  // Vault takes the final newline off, and a program that leaves it on would never be settled.
  const pem = publicKeyPem().trim();
  it("is mounted with its keys", async () => {
    const inputs = {
      path: "jwt",
      jwtValidationPubkeys: [pem],
      boundIssuer: "https://kubernetes.default.svc",
    };
    const backend = await plugin.create(JWT, inputs);
    expect(backend.id).toBe("jwt");
    await bench.expectSettled(JWT, backend, inputs);
    const { boundIssuer: _, ...less } = inputs;
    const changed = await plugin.update(JWT, backend, { ...less, description: "the cluster's issuer" });
    expect(await vault.api.read("auth/jwt/config")).toMatchObject({ bound_issuer: "" });
    expect(await vault.api.read("sys/mounts/auth/jwt")).toMatchObject({
      description: "the cluster's issuer",
    });
    await bench.expectSettled(JWT, changed, { ...less, description: "the cluster's issuer" });
  });

  it("has roles", async () => {
    const inputs = {
      backend: "jwt",
      roleName: "pipeline",
      roleType: "jwt",
      userClaim: "sub",
      boundAudiences: ["https://127.0.0.1:18200"],
      boundClaims: { project_id: "7", ref_protected: "true,True" },
      tokenPolicies: ["b", "a"],
      tokenTtl: 600,
    };
    const role = await plugin.create(JWT_ROLE, inputs);
    expect(role.id).toBe("auth/jwt/role/pipeline");
    expect(await vault.api.read(role.id)).toMatchObject({
      bound_claims: { project_id: ["7"], ref_protected: ["true", "True"] },
    });
    await bench.expectSettled(JWT_ROLE, role, inputs);
    const other = { ...inputs, boundClaims: { project_id: "8" }, boundSubject: "x" };
    const changed = await plugin.update(JWT_ROLE, role, other);
    await bench.expectSettled(JWT_ROLE, changed, other);
    const { boundSubject: _, ...less } = other;
    await bench.expectSettled(JWT_ROLE, await plugin.update(JWT_ROLE, changed, less), less);
    await plugin.delete(JWT_ROLE, changed);
    expect(await plugin.read(JWT_ROLE, changed)).toBeUndefined();
  });

  it("says what is left behind when it is mounted but not configured", async () => {
    const failure = plugin.create(JWT, { path: "half", jwksUrl: "http://127.0.0.1:1/keys" });
    await expect(failure).rejects.toThrow(
      /it is mounted, but Vault refused to write auth\/half\/config \(400\)/,
    );
    expect(await vault.api.read("sys/mounts/auth/half")).toMatchObject({ type: "jwt" });
  });

  it("needs one source of keys, and not two", async () => {
    expect((await plugin.checkOnly(JWT, { path: "jwt" })).failures).toEqual([
      ": the Vault JWT auth backend needs one of oidcDiscoveryUrl, jwksUrl, jwksPairs, jwtValidationPubkeys, providerConfig",
    ]);
    const two = { jwksUrl: "https://a", oidcDiscoveryUrl: "https://b" };
    expect((await plugin.checkOnly(JWT, two)).failures).toContain(
      "jwksUrl: jwksUrl and oidcDiscoveryUrl cannot both be set",
    );
  });
});
