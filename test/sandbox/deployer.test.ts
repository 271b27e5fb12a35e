import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../sandbox/processes/run";
import { ClusterUser } from "./support/cluster-user";
import { devConfig, jwtAuth, withGitLab } from "./support/dev-config";
import { documentedPolicy, tokenOf } from "./support/documented-policy";
import { Loop } from "./support/loop";
import type { Stack } from "./support/stack";

type Section = Readonly<Record<string, unknown>>;

const POLICY = "deployer-policy.hcl";
const WEBHOOK = "https://hooks.example.com/services/T000/B000/not-a-real-hook";
const RBAC = "rbac.authorization.k8s.io";
const CHANGED = ["update deploy-source", "update sops-key"];
const peer = (port: number) => ({ cidr: "127.0.0.1/32", port });

let loop: Loop;
let deployer: ClusterUser;
let previewer: ClusterUser;
let token: string;
let previewToken: string;

beforeAll(async () => {
  loop = await Loop.start();
  token = await tokenOf(
    loop.vault,
    "deployer",
    documentedPolicy(POLICY, "# Only with vault.auth.method jwt"),
  );
  previewToken = await tokenOf(loop.vault, "preview", documentedPolicy("preview-policy.hcl"));
  deployer = await ClusterUser.in(loop, "sopsloop:deployers");
  await deployer.grant("deployer-clusterrole.yaml");
  await deployer.grantIn("apps-prod", "sopsloop-deployer-decryptors");
  previewer = await ClusterUser.in(loop, "sopsloop:previews");
  await previewer.grant("preview-clusterrole.yaml");
});
afterAll(() => loop?.stop());

/** The environment says as whom the stack is run. */
const kubernetes = { kubeconfig: undefined };
const asDeployer = (stack: Stack, VAULT_TOKEN: string) =>
  stack.withEnv({ VAULT_TOKEN, KUBECONFIG: deployer.kubeconfig });
const asPreviewer = (stack: Stack) =>
  stack.withEnv({ VAULT_TOKEN: previewToken, KUBECONFIG: previewer.kubeconfig });

/** A change of config: the key's protection goes, and Flux looks at its source more often. */
function change(stack: Stack, { vault, flux }: { readonly vault: Section; readonly flux: Section }): void {
  const source = { ...(flux.source as Section), interval: "2m" };
  const transit = { protect: false };
  stack.configure({ "sopsloop:vault": { ...vault, transit }, "sopsloop:flux": { ...flux, source } });
}

/** What a preview sees change, but for the provider: its kubeconfig is another one. */
async function foreseen(stack: Stack): Promise<string[]> {
  const steps = await asPreviewer(stack).plan();
  return steps
    .filter(({ op, urn }) => op !== "same" && op !== "read" && !urn.includes("pulumi:providers:"))
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)
    .sort();
}

describe("the documented rights are enough for everything the program does, from up to destroy", () => {
  test("with method kubernetes, and every object in Flux's namespace", async () => {
    const networkPolicies = {
      apiServer: peer(6443),
      vault: peer(8200),
      git: peer(443),
      stockPolicy: "present",
    };
    const dev = devConfig(loop.layout, { kubernetes, flux: { networkPolicies, alerts: { type: "slack" } } });
    const stack = await loop.stack("deployer", { ...dev, ...withGitLab(loop.layout) });
    await stack.succeed("config", "set", "--secret", "sopsloop:alertAddress", WEBHOOK);
    const own = asDeployer(stack, token);
    await own.up();
    await own.up("--expect-no-changes");
    await own.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    expect((await loop.prove(stack)).login.role).toBe("flux-system_kustomize-controller");
    change(stack, { vault: dev["sopsloop:vault"] as Section, flux: dev["sopsloop:flux"] as Section });
    expect(await foreseen(stack)).toEqual(CHANGED);
    stack.configure({ "sopsloop:adopt": true });
    expect(await foreseen(stack)).toEqual(CHANGED);
    await own.up();
    await own.succeed("destroy", "--yes");
    expect(await stack.resources()).toEqual([]);
  });

  test("with method jwt, an account in a namespace of its own and a CA in a ConfigMap, and without what is only for kubernetes", async () => {
    const { vault } = loop.layout;
    const words = [
      "create",
      "configmap",
      "vault-ca",
      "--namespace=flux-system",
      `--from-file=ca.pem=${vault.ca}`,
    ];
    await run("kubectl", words, { env: loop.env });
    const narrow = documentedPolicy(POLICY, "# Only with vault.auth.method kubernetes", "# Only with gitlab");
    const config = devConfig(loop.layout, {
      kubernetes,
      vault: {
        ...jwtAuth(loop.layout),
        ca: { configMap: { namespace: "flux-system", name: "vault-ca", key: "ca.pem" } },
      },
      flux: {
        decryptors: { apps: { namespace: "apps-prod", serviceAccount: "sops", createNamespace: true } },
        kustomizations: { "apps-prod": { path: "./apps", decryptor: "apps" } },
      },
    });
    const stack = await loop.stack("jwt", config);
    const own = asDeployer(stack, await tokenOf(loop.vault, "deployer-jwt", narrow));
    expect(await foreseen(stack)).toContain("create flux-token-apps-prod");
    await own.up();
    await own.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    change(stack, { vault: config["sopsloop:vault"] as Section, flux: config["sopsloop:flux"] as Section });
    expect(await foreseen(stack)).toEqual(CHANGED);
    await own.up();
    await own.succeed("destroy", "--yes");
    expect(await stack.resources()).toEqual([]);
  });
});

describe("and not enough", () => {
  test("to open a file", async () => {
    await loop.vault.send("POST", "sys/mounts/transit", { type: "transit" });
    await loop.vault.send("POST", "transit/keys/sops");
    const words = ["write", "-f", "transit/decrypt/sops"];
    const { code, stderr } = await loop.as({ VAULT_TOKEN: token }, "vault", ...words);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/permission denied/);
  });

  test.each([
    [
      "to read another namespace's Secrets",
      "get secrets --namespace=default",
      /cannot list resource "secrets"/,
    ],
    [
      "to run pods of its own",
      "run own --image=own --namespace=flux-system",
      /cannot create resource "pods"/,
    ],
    [
      "to become another of Flux's accounts",
      "create token source-controller --namespace=flux-system",
      /cannot create resource "serviceaccounts\/token"/,
    ],
    [
      "to bind anybody to cluster-admin",
      "create clusterrolebinding own --clusterrole=cluster-admin --group=sopsloop:deployers",
      /cannot create resource "clusterrolebindings"/,
    ],
  ])("%s", async (_what, words, why) => {
    expect(await deployer.refusal(words.split(" "))).toMatch(why);
  });

  const metadata = (kind: string, name: string, namespace?: string) => ({
    apiVersion: `${RBAC}/v1`,
    kind,
    metadata: { name, ...(namespace !== undefined && { namespace }) },
  });

  test.each([
    [
      "the reviewer's binding to cluster-admin",
      {
        ...metadata("ClusterRoleBinding", "flux-system-vault-token-reviewer"),
        roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ apiGroup: RBAC, kind: "Group", name: "sopsloop:deployers" }],
      },
    ],
    [
      "a decryptor's role with every account's token",
      {
        ...metadata("Role", "sopsloop-decryption-token", "flux-system"),
        rules: [{ apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] }],
      },
    ],
  ])("to make %s, under the name that it may use", async (_what, object) => {
    const words = ["apply", "--server-side", "--force-conflicts", "--filename=-"];
    expect(await deployer.refusal(words, JSON.stringify(object))).toMatch(
      /attempting to grant RBAC permissions not currently held/,
    );
  });

  test.each([
    ["read a Secret", "get secret vault-token-reviewer", /cannot get resource "secrets"/],
    [
      "ask for a token",
      "create token kustomize-controller",
      /cannot create resource "serviceaccounts\/token"/,
    ],
    ["read another ConfigMap", "get configmap sopsloop-vault", /cannot get resource "configmaps"/],
    ["change one that it reads", "label configmap vault-ca own=yes", /cannot patch resource "configmaps"/],
  ])("for a preview to %s", async (_what, words, why) => {
    expect(await previewer.refusal([...words.split(" "), "--namespace=flux-system"])).toMatch(why);
  });
});
