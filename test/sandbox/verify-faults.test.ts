import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KUSTOMIZATION, VerifiedLoop } from "./support/verified-loop";

const AUTH = "auth/kubernetes";
const ROLE = `${AUTH}/role/flux-system_kustomize-controller`;

interface Fault {
  readonly what: string;
  /** The row that has to be the first to fail, and what it has to say. */
  readonly row: string;
  readonly why: RegExp;
  readonly inject: () => Promise<unknown>;
  /** What most rows say to do next, when absent. */
  readonly mend?: () => Promise<unknown>;
}

let it: VerifiedLoop;

beforeAll(async () => {
  it = await VerifiedLoop.start("faults");
});
afterAll(() => it?.stop());

interface Binding {
  readonly metadata: { readonly name: string };
  readonly subjects?: readonly { readonly name: string; readonly namespace?: string }[];
}
let rights: readonly Binding[] = [];
let sopsConfig = "";

const FAULTS: readonly Fault[] = [
  {
    what: "the engine makes mistyped keys",
    row: "mount",
    why: /disable_upsert is off/,
    inject: () => it.vault("PUT", "transit/config/keys", { disable_upsert: false }),
  },
  {
    what: "the key may be deleted",
    row: "key",
    why: /may be deleted/,
    inject: () => it.vault("PUT", "transit/keys/sops/config", { deletion_allowed: true }),
  },
  {
    what: "old versions were retired behind the program's back",
    row: "key",
    why: /versions below 2 do not open, declared is 1/,
    inject: async () => {
      await it.vault("POST", "transit/keys/sops/rotate", {});
      await it.vault("PUT", "transit/keys/sops/config", { min_decryption_version: 2 });
    },
  },
  {
    what: "a policy whose path is not the key's",
    row: "policies",
    why: /policy sops-flux-decrypt was edited/,
    inject: () =>
      it.vault("PUT", "sys/policies/acl/sops-flux-decrypt", {
        policy: 'path "transit/decrypt/sop" { capabilities = ["update"] }',
      }),
  },
  {
    what: "a role that is gone",
    row: "roles",
    why: /Vault has no role flux-system_kustomize-controller/,
    inject: () => it.vault("DELETE", ROLE),
  },
  {
    what: "a role bound to another account",
    row: "roles",
    why: /its bound_service_account_names is \["default"\]/,
    inject: () => it.changed(ROLE, { bound_service_account_names: ["default"] }),
  },
  {
    what: "a role bound to another namespace",
    row: "roles",
    why: /its bound_service_account_namespaces is \["default"\]/,
    inject: () => it.changed(ROLE, { bound_service_account_namespaces: ["default"] }),
  },
  {
    what: "a role that takes more namespaces by their labels",
    row: "roles",
    why: /its bound_service_account_namespace_selector is .*team/,
    inject: () =>
      it.changed(ROLE, { bound_service_account_namespace_selector: '{"matchLabels":{"team":"x"}}' }),
  },
  {
    what: "a role for another audience",
    row: "roles",
    why: /its audience is "https:\/\/other"/,
    inject: () => it.changed(ROLE, { audience: "https://other" }),
  },
  {
    what: "a role with one policy more",
    row: "roles",
    why: /its policies is .*root-like/,
    inject: () => it.changed(ROLE, { token_policies: ["sops-flux-decrypt", "root-like"] }),
  },
  {
    what: "a reviewer that may not review",
    row: "reviewer",
    why: /vault-token-reviewer may not review tokens/,
    inject: () => it.kubectl("delete", "clusterrolebinding", "flux-system-vault-token-reviewer"),
  },
  {
    what: "another API server's CA",
    row: "api-server-ca",
    why: /is not the API server's/,
    inject: async () =>
      it.changed(`${AUTH}/config`, {
        kubernetes_ca_cert: readFileSync(it.loop.layout.vault.ca, "utf8"),
        token_reviewer_jwt: await it.reviewerJwt(),
      }),
  },
  {
    what: "a reviewer's JWT that is void",
    row: "login",
    why: /cannot have the token reviewed/,
    inject: () => it.changed(`${AUTH}/config`, { token_reviewer_jwt: "eyJhbGciOiJub25lIn0.e30." }),
    mend: () => it.stack.up("--target-replace", "**:AuthBackendConfig::**"),
  },
  {
    what: "flags that flux install took back",
    row: "controller",
    why: /--sops-vault-configmap is gone/,
    inject: () => it.patchController({ args: ["--watch-all-namespaces=true", "--log-level=info"] }),
  },
  {
    what: "a feature gate that is off",
    row: "controller",
    why: /ObjectLevelWorkloadIdentity is off/,
    inject: () =>
      it.patchController({ args: ["--watch-all-namespaces=true", "--sops-vault-configmap=sopsloop-vault"] }),
  },
  {
    what: "an allow-list for another Vault",
    row: "controller",
    why: /its SOPS_HC_VAULT_ALLOWLIST is https:\/\/vault\.example\.com\/, which leaves out/,
    inject: () =>
      it.patchController({ env: [{ name: "SOPS_HC_VAULT_ALLOWLIST", value: "https://vault.example.com/" }] }),
  },
  {
    what: "another address in the ConfigMap",
    row: "vault-config",
    why: /lists https:\/\/localhost:\d+, not https:\/\/127\.0\.0\.1:\d+, character for character/,
    inject: () => vaultConfig((text) => text.replace("127.0.0.1", "localhost")),
  },
  {
    what: "another login path in the ConfigMap",
    row: "vault-config",
    why: /its login path is auth\/k8s\/login, declared is auth\/kubernetes\/login/,
    inject: () => vaultConfig((text) => text.replace("auth/kubernetes", "auth/k8s")),
  },
  {
    what: "a .sops.yaml that spells the address otherwise",
    row: "sops-config",
    why: /names https:\/\/localhost:\d+\/v1\/transit\/keys\/sops, not https:\/\/127\.0\.0\.1:\d+\/v1/,
    inject: () =>
      it.commit("Another spelling", (clone) => {
        sopsConfig = clone.read(".sops.yaml");
        clone.write(".sops.yaml", sopsConfig.replaceAll("127.0.0.1", "localhost"));
      }),
    mend: () => it.commit("The one spelling", (clone) => clone.write(".sops.yaml", sopsConfig)),
  },
  {
    what: "a CA that is not there",
    row: "vault-ca",
    why: /does not have/,
    inject: () => it.patch("configmap", "sopsloop-vault-ca", { data: { "ca.pem": null } }),
  },
  {
    what: "a CA that signed something else",
    row: "vault-ca",
    why: /has not signed Vault's certificate/,
    inject: () =>
      it.patch("configmap", "sopsloop-vault-ca", {
        data: { "ca.pem": readFileSync(it.loop.layout.kubernetes.ca, "utf8") },
      }),
  },
  {
    what: "a controller that is told of no CA",
    row: "vault-ca",
    why: /VAULT_CACERT is gone, and no public CA/,
    inject: async () => {
      await it.patchController({ env: [{ name: "VAULT_CACERT", $patch: "delete" }] });
      // A controller that has not started again yet is a fault of its own.
      await it.kubectl(
        "rollout",
        "status",
        "deployment/kustomize-controller",
        "-n=flux-system",
        "--timeout=60s",
      );
    },
  },
  {
    what: "no right to ask for tokens",
    row: "token-request",
    why: /it may not: Flux cannot log in/,
    inject: async () => {
      await it.kubectl("delete", "rolebinding", "sopsloop-decryption-token", "--namespace=flux-system");
      rights = await fluxRights();
      await it.kubectl("delete", "clusterrolebinding", ...rights.map(({ metadata }) => metadata.name));
    },
    mend: async () => {
      for (const right of rights) await create(right);
      await it.stack.up("--refresh");
    },
  },
  {
    what: "a network policy that is gone",
    row: "network-policies",
    why: /default-deny is gone/,
    inject: () => it.kubectl("delete", "networkpolicy", "sopsloop-default-deny", "--namespace=flux-system"),
  },
  {
    what: "Flux's own policy in force again",
    row: "network-policies",
    why: /allow-egress lets every pod out/,
    inject: () => it.patch("networkpolicy", "allow-egress", { spec: { podSelector: { matchLabels: null } } }),
  },
  {
    what: "a Kustomization that decrypts as somebody else",
    row: "kustomizations",
    why: /decrypts as default, declared is kustomize-controller/,
    inject: () =>
      it.patch(KUSTOMIZATION, "apps", { spec: { decryption: { serviceAccountName: "default" } } }),
  },
  {
    what: "a Kustomization that decrypts nothing",
    row: "kustomizations",
    why: /is gone, or no longer decrypts/,
    inject: () => it.patch(KUSTOMIZATION, "apps", { spec: { decryption: null } }),
  },
  {
    what: "a manifest that Flux cannot apply",
    row: "kustomizations",
    why: /flux-system\/apps: .*namespace not specified/,
    inject: async () => {
      const manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: homeless}\n";
      await it.commit("Homeless", (clone) => clone.write("apps/homeless.yaml", manifest));
      await it.untilFlux(false);
    },
    mend: async () => {
      await it.commit("Gone", (clone) => clone.remove("apps/homeless.yaml"));
      await it.untilFlux(true);
    },
  },
  {
    what: "a Kustomization that is suspended",
    row: "kustomizations",
    why: /is suspended/,
    inject: () => it.patch(KUSTOMIZATION, "apps", { spec: { suspend: true } }),
    mend: () => it.patch(KUSTOMIZATION, "apps", { spec: { suspend: false } }),
  },
  {
    what: "an audit device that is off",
    row: "audit-device",
    why: /no audit device writes/,
    inject: () => it.vault("DELETE", "sys/audit/file"),
  },
  {
    what: "a sealed Vault",
    row: "vault",
    why: /Vault is sealed: nothing can be decrypted/,
    inject: () => it.vault("PUT", "sys/seal"),
    mend: () => it.unseal(),
  },
];

test.each(FAULTS.map((fault) => [fault.what, fault] as const))(
  "the first row that fails names %s",
  async (_what, { row, why, inject, mend }) => {
    await inject();
    const { code, rows } = await it.verify();
    const failed = rows.filter(({ result }) => result === "failed");
    await (mend ?? (() => it.stack.up("--refresh")))();
    expect(failed[0]).toMatchObject({
      id: row,
      why: expect.stringMatching(why),
      next: expect.stringMatching(/\w/),
    });
    expect(code).toBe(1);
    await it.untilItHolds();
  },
);

async function vaultConfig(change: (text: string) => string): Promise<void> {
  const path = "--output=jsonpath={.data.config\\.yaml}";
  const text = await it.kubectl("get", "configmap", "sopsloop-vault", "--namespace=flux-system", path);
  await it.patch("configmap", "sopsloop-vault", { data: { "config.yaml": change(text) } });
}

/** What a stock Flux lets its controllers do in the whole cluster. */
async function fluxRights(): Promise<readonly Binding[]> {
  const found = await it.kubectl("get", "clusterrolebindings", "--output=json");
  const { items } = JSON.parse(found) as { items: readonly Binding[] };
  return items.filter(({ subjects = [] }) =>
    subjects.some(({ name, namespace }) => name === "kustomize-controller" && namespace === "flux-system"),
  );
}

async function create({ metadata, ...rest }: Binding): Promise<void> {
  const file = join(it.loop.layout.root, "binding.json");
  writeFileSync(file, JSON.stringify({ ...rest, metadata: { name: metadata.name } }));
  await it.kubectl("create", "--filename", file);
}
