import { Provider } from "@pulumi/vault/provider";
import { describe, expect, test } from "vitest";
import { Existing } from "../../../components/vault/existing";
import { sampleConfig, sampleWith } from "../config/sample";
import { build } from "../harness";
import { runProgram } from "../program";

const OURS = "Made by sopsloop, stack sopsloop/test";
const THEIRS = "by hand";
const mountsSaying = (description: string) => ({
  "sys/mounts": { "transit/": { description } },
  "sys/auth": { "kubernetes/": { description } },
});
const GUIDE_OBJECTS = {
  "transit/keys/sops": { type: "aes256-gcm96" },
  "sys/policies/acl/flux-sops-policy": { policy: "" },
  "auth/kubernetes/config": { kubernetes_host: "https://10.0.0.1:6443" },
  "auth/kubernetes/role/flux-sops-role": { policies: ["flux-sops-policy"] },
};

async function imports(config: object, vault: Record<string, object>): Promise<string[]> {
  const { children } = await runProgram({ ...sampleConfig(), ...config }, { vault });
  return children
    .filter(({ importId }) => importId !== "")
    .map(({ name, importId }) => `${name}=${importId}`);
}

test("an empty Vault: nothing is imported, adopting or not", async () => {
  expect(await imports({}, {})).toEqual([]);
  expect(await imports({ adopt: true }, {})).toEqual([]);
});

test("what a killed run of this stack left behind is taken over without being asked", async () => {
  expect(await imports({}, mountsSaying(OURS))).toEqual(["flux-auth=kubernetes", "sops-mount=transit"]);
});

test("what others made is taken over only on request", async () => {
  expect(await imports({}, { ...mountsSaying(THEIRS), ...GUIDE_OBJECTS })).toEqual([]);
  expect(await imports({ adopt: true }, { ...mountsSaying(THEIRS), ...GUIDE_OBJECTS })).toEqual([
    "flux-auth=kubernetes",
    "flux-auth-config=auth/kubernetes/config",
    "flux-role-of-guide=auth/kubernetes/role/flux-sops-role",
    "sops-guide=flux-sops-policy",
    "sops-mount=transit",
    "sops-key=transit/keys/sops",
  ]);
});

test("adopting half a setup takes over that half", async () => {
  expect(await imports({ adopt: true }, mountsSaying(THEIRS))).toEqual([
    "flux-auth=kubernetes",
    "sops-mount=transit",
  ]);
});

async function retained(config: object, vault: Record<string, object>): Promise<string[]> {
  const { children } = await runProgram({ ...sampleConfig(), ...config }, { vault });
  return children.filter(({ retained }) => retained).map(({ name }) => name);
}

test("an auth method that others made outlives the stack, also once `adopt` is gone; its own does not", async () => {
  expect(await retained({ adopt: true }, mountsSaying(THEIRS))).toEqual(["flux-auth"]);
  expect(await retained({}, mountsSaying(THEIRS))).toEqual(["flux-auth"]);
  expect(await retained({ adopt: true }, mountsSaying(OURS))).toEqual([]);
  expect(await retained({ adopt: true }, {})).toEqual([]);
});

describe("an audit device under the same path", () => {
  const { vault } = sampleWith("vault.audit", { path: "/var/log/vault/audit.log" });
  const saying = (description: string) => ({ "sys/audit": { "file/": { description } } });

  test("of this stack is taken back after a killed run", async () => {
    expect(await imports({ vault }, saying(OURS))).toEqual(["vault-device=file"]);
    expect(await imports({ vault, adopt: true }, saying(OURS))).toEqual(["vault-device=file"]);
  });

  test("of others is never taken over, and adopting says how to go on", async () => {
    expect(await imports({ vault }, saying(THEIRS))).toEqual([]);
    const adopting = build(
      async () => {
        const provider = new Provider("vault", { address: "https://vault.example.com:8200" });
        const args = { adopt: true, mark: OURS, paths: { audit: ["file"] }, objects: [] };
        (await Existing.find(provider, args)).mounted("audit", "file");
      },
      { vault: saying(THEIRS) },
    );
    await expect(adopting).rejects.toThrow(
      "sopsloop:vault.audit.mount: is file, an audit device in Vault that this stack did not make; set it to another name for a device of this stack's own, or remove vault.audit and keep that one (if it is this stack's from before a rename, set sopsloop:adopt to false)",
    );
  });
});

test("a Vault that may not be read stops the run with one line", async () => {
  const looking = build(
    async () => {
      const provider = new Provider("vault", { address: "https://vault.example.com:8200" });
      await Existing.find(provider, { adopt: false, mark: OURS, paths: { mount: ["transit"] }, objects: [] });
    },
    { refusal: "Error making API request.\n\n403 permission denied" },
  );
  await expect(looking).rejects.toThrow(
    /^cannot look up sys\/mounts in Vault: .*Error making API request. 403 permission denied; set VAULT_TOKEN to a token that may read it \(docs\/deployer-policy.hcl\)$/,
  );
});
