import type { DevOutputs } from "../dev-stack";
import { SandboxError } from "../processes/sandbox-error";
import type { Layout } from "../servers/layout";
import type { Sandbox } from "../servers/sandbox";
import type { KeyServer } from "./key-server";
import { proveApp } from "./prove-app";
import { proveAzureRotation } from "./prove-azure-rotation";
import { proveLoop } from "./prove-loop";
import { proveRotation } from "./prove-rotation";
import { proveWithout } from "./prove-without";

export interface ProveOptions {
  readonly layout: Layout;
  /** Environment of a person inside the sandbox. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly outputs: DevOutputs;
  /** Its key servers are stopped for a while, one after the other. */
  readonly sandbox: Sandbox;
}

/** The whole proof of a stack that is up, line by line. Throws a SandboxError that says where it got stuck. */
export async function prove({ layout, env, outputs, sandbox }: ProveOptions): Promise<string[]> {
  const { sopsConfig, loginPath, decryptRoles, vaultTransitUri, policyNames, gitlab, azure } = outputs;
  const [role] = Object.values(decryptRoles);
  if (role === undefined) throw new SandboxError("the stack has no decryptor; add one under flux.decryptors");
  const keyPath = new URL(vaultTransitUri).pathname.replace("/v1/", "");
  const decryptPath = keyPath.replace("/keys/", "/decrypt/");
  const servers = keyServers(sandbox);
  const down = azure && servers.azure;
  const loop = await proveLoop({ layout, env, sopsConfig, loginPath, role, decryptPath, down });
  const chart = gitlab?.roles.chart;
  const app = chart
    ? await proveApp({ layout, env, environment: "sandbox", authPath: gitlab.authPath, role: chart })
    : { lines: [] };
  const sweep = gitlab && { schedule: gitlab.sweepId, authPath: gitlab.authPath, role: gitlab.roles.rewrap };
  const rotation = await proveRotation({ layout, env, keyPath, policies: policyNames, sweep });
  const [keyUrl] = azure?.keys ?? [];
  if (keyUrl === undefined) return [...loop.lines, ...app.lines, ...rotation.lines];
  const either = await proveWithout({ layout, env, sopsConfig, down: servers.vault, up: "Azure" });
  const event = await proveAzureRotation({ layout, env, keyUrl });
  return [...loop.lines, ...app.lines, ...rotation.lines, either, ...event.lines];
}

/** Those that every secret is encrypted to. */
export function keyServers({ vault, azure }: Sandbox): Readonly<Record<"vault" | "azure", KeyServer>> {
  return {
    vault: { name: "Vault", stop: () => vault.stop(), start: () => vault.start() },
    azure: { name: "Azure", stop: () => azure.stop(), start: () => azure.start() },
  };
}
