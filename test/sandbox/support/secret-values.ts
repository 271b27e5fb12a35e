import type { V1Secret } from "@kubernetes/client-node";
import { run } from "../../../sandbox/processes/run";
import type { AzureApi } from "../../../sandbox/servers/azure-api";
import { KubeApi } from "../../../sandbox/servers/kube-api";
import type { Loop } from "./loop";
import type { Stack } from "./stack";

/** Shorter ones occur in words. */
const SHORTEST = 12;

/** Every secret that a sandbox and its stack have: tokens of people, of the program's making, and what lies in the cluster. */
export async function secretsOf(loop: Loop, stack: Stack): Promise<string[]> {
  const shown = JSON.parse(await stack.succeed("stack", "output", "--json", "--show-secrets")) as {
    gitlab?: { triggerTokens: Record<string, string> };
    azure?: { relay?: { secrets: Record<string, string> } };
  };
  const { VAULT_TOKEN, GITLAB_TOKEN, ARM_CLIENT_SECRET } = loop.env;
  const found = [
    ...[VAULT_TOKEN, GITLAB_TOKEN, ARM_CLIENT_SECRET],
    ...Object.values(shown.gitlab?.triggerTokens ?? {}),
    ...Object.values(shown.azure?.relay?.secrets ?? {}),
    ...(await clusterSecrets(loop)),
  ];
  return [...new Set(found.filter((value) => value !== undefined && value.length >= SHORTEST))] as string[];
}

async function clusterSecrets({ layout }: Loop): Promise<string[]> {
  const kube = KubeApi.admin(layout);
  try {
    const secrets = await kube.list<V1Secret>("/api/v1/secrets");
    return secrets.flatMap(({ data = {} }) =>
      Object.entries(data)
        // An account's token comes with what everybody may know.
        .filter(([name]) => !["ca.crt", "namespace"].includes(name))
        .map(([, value]) => Buffer.from(value, "base64").toString("utf8").trim()),
    );
  } finally {
    kube.close();
  }
}

/** What looks like chance and is public: commits of the deploy repository, versions of the key in Azure, names that Pulumi makes. */
export async function publicValues({ layout, env }: Loop, azure: AzureApi, vault: string): Promise<string[]> {
  const commits = await run("git", ["-C", layout.git.repository, "log", "--all", "--format=%H"], { env });
  const versions: string[] = [];
  for await (const { version } of azure.keys(vault).listPropertiesOfKeyVersions("sops"))
    if (version !== undefined) versions.push(version);
  return [...commits.trim().split("\n"), ...versions, "pulumi-kubernetes-"];
}

/** Digests and ids of commits that a stack's state names as such. */
export function digestsIn(state: string): string[] {
  const named =
    /"(?:blobId|commitId|lastCommitId|contentSha256|sha256|hash|magic|digest|sopsloop\/ca-sha256)": ?"(?:sha256:)?([0-9a-f]{40,64})"/g;
  return [...state.matchAll(named)].flatMap(([, digest = ""]) => digest);
}
