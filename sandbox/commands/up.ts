import { DevStack } from "../dev-stack";
import { insideSandbox } from "../person-environment";
import { installPlugins } from "../plugins";
import { Progress, seconds } from "../processes/progress";
import { SandboxError } from "../processes/sandbox-error";
import { proveLoop } from "../proof/prove-loop";
import { proveRotation } from "../proof/prove-rotation";
import { Layout } from "../servers/layout";
import { Sandbox } from "../servers/sandbox";
import { ensureTools } from "../tool-links";

const TRY_NEXT = `
Try next:
  eval "$(make -s env)"          # this shell is now inside the sandbox
  pulumi preview                 # no changes
  pulumi stack output audit      # who can decrypt what
  vault list auth/kubernetes/role
  kubectl -n flux-system get kustomizations
  git clone "$DEPLOY_REPO_URL"   # encrypt something of your own, push it, and look for the Secret
  vault write -f transit/keys/sops/rotate   # then, in that clone: sopsloop status, sopsloop rewrap --push
  make down                      # ends every process; nothing is lost`;

/** Builds, starts, provisions and proves. A second run reuses everything that is still right. */
export async function up(checkout: string): Promise<void> {
  const layout = Layout.dev(checkout);
  const names = ["tools", ...new Sandbox(layout, new Map()).steps.map(({ name }) => name)];
  const progress = new Progress("up", [...names, "provider plugins", "pulumi up", "controllers", "proof"]);

  const tools = await progress.step(() => ensureTools(layout));
  const sandbox = new Sandbox(layout, tools);
  for (const { work } of sandbox.steps) await progress.step(work);
  const plugins = await progress.step(() =>
    installPlugins({ home: layout.pulumi.home, official: process.env.SOPSLOOP_PLUGINS || undefined }),
  );
  const stack = new DevStack(checkout, layout);
  await progress.step(async () => {
    await stack.prepare();
    await stack.up(sandbox.fluxApplied);
    await sandbox.confirmFlux();
  });
  await progress.step(() => sandbox.cluster.ready());
  const lines = await progress.step(() => prove(stack, layout));

  console.log("\nProved:");
  for (const line of lines) console.log(`  ✓ ${line}`);
  for (const { name, version, origin } of plugins) console.log(`  plugin ${name} ${version}: ${origin}`);
  console.log(`  ${seconds(progress.elapsedMs)} in all`);
  console.log(TRY_NEXT);
}

async function prove(stack: DevStack, layout: Layout): Promise<string[]> {
  const { sopsConfig, loginPath, decryptRoles, vaultTransitUri, policyNames } = await stack.outputs();
  const [role] = Object.values(decryptRoles);
  if (role === undefined) throw new SandboxError("the stack has no decryptor; add one under flux.decryptors");
  const keyPath = new URL(vaultTransitUri).pathname.replace("/v1/", "");
  const decryptPath = keyPath.replace("/keys/", "/decrypt/");
  const env = insideSandbox(layout);
  const loop = await proveLoop({ layout, env, sopsConfig, loginPath, role, decryptPath });
  const rotation = await proveRotation({ layout, env, keyPath, policies: policyNames });
  return [...loop.lines, ...rotation.lines];
}
