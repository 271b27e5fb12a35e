import type { DevOutputs } from "../dev-stack";
import { SandboxError } from "../processes/sandbox-error";
import type { Layout } from "../servers/layout";
import { proveApp } from "./prove-app";
import { proveLoop } from "./prove-loop";
import { proveRotation } from "./prove-rotation";

export interface ProveOptions {
  readonly layout: Layout;
  /** Environment of a person inside the sandbox. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly outputs: DevOutputs;
}

/** The whole proof of a stack that is up, line by line. Throws a SandboxError that says where it got stuck. */
export async function prove({ layout, env, outputs }: ProveOptions): Promise<string[]> {
  const { sopsConfig, loginPath, decryptRoles, vaultTransitUri, policyNames, gitlab } = outputs;
  const [role] = Object.values(decryptRoles);
  if (role === undefined) throw new SandboxError("the stack has no decryptor; add one under flux.decryptors");
  const keyPath = new URL(vaultTransitUri).pathname.replace("/v1/", "");
  const decryptPath = keyPath.replace("/keys/", "/decrypt/");
  const loop = await proveLoop({ layout, env, sopsConfig, loginPath, role, decryptPath });
  const chart = gitlab?.roles.chart;
  const app = chart
    ? await proveApp({ layout, env, environment: "sandbox", authPath: gitlab.authPath, role: chart })
    : { lines: [] };
  const sweep = gitlab && { schedule: gitlab.sweepId, authPath: gitlab.authPath, role: gitlab.roles.rewrap };
  const rotation = await proveRotation({ layout, env, keyPath, policies: policyNames, sweep });
  return [...loop.lines, ...app.lines, ...rotation.lines];
}
