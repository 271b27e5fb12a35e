import { DevStack } from "../dev-stack";
import { insideSandbox } from "../person-environment";
import { installPlugins } from "../plugins";
import { Progress, seconds } from "../processes/progress";
import { prove } from "../proof/prove";
import { Layout } from "../servers/layout";
import { Sandbox } from "../servers/sandbox";
import { TOOLS_FOR, ToolsAtHand } from "../tools-at-hand";

const TRY_NEXT = `
Try next:
  eval "$(make -s env)"          # this shell is now inside the sandbox
  pulumi preview                 # no changes
  pulumi stack output audit      # who can decrypt what
  vault list auth/kubernetes/role
  kubectl -n flux-system get kustomizations
  git clone "$DEPLOY_REPO_URL"   # encrypt something of your own, push it, and look for the Secret
  vault write -f transit/keys/sops/rotate   # then, in that clone: sopsloop status, sopsloop rewrap --push
  make rotate                    # the key in Azure gets a new version: watch the loop run by itself
  git -c http.sslCAInfo="$GITLAB_CA" clone "https://oauth2@\${GITLAB_URL#https://}/platform/app.git"   # password: $GITLAB_TOKEN;
                                 # a push to it starts its pipeline; jobs' logs: .sandbox/gitlab/ci/traces
  make down                      # ends every process; nothing is lost`;

/** Builds, starts, provisions and proves. A second run reuses everything that is still right. */
export async function up(checkout: string): Promise<void> {
  const layout = Layout.dev(checkout);
  // Tools are built in the background; each step waits only for those that it needs.
  const tools = new ToolsAtHand(layout);
  const sandbox = new Sandbox(layout, tools.paths);
  const stack = new DevStack(checkout, layout);
  const [servers, manifests, controllers] = sandbox.steps;
  const progress = new Progress("up", [
    "tools for the servers",
    servers.name,
    manifests.name,
    controllers.name,
    "provider plugins",
    "pulumi up",
    "controllers as patched",
    "proof",
  ]);

  await progress.step(() => tools.wait(TOOLS_FOR.servers));
  await progress.step(servers.work);
  await progress.step(manifests.work);
  await progress.step(() => tools.wait(TOOLS_FOR.controllers).then(controllers.work));
  const plugins = await progress.step(() =>
    installPlugins({ home: layout.pulumi.home, official: process.env.SOPSLOOP_PLUGINS || undefined }),
  );
  await progress.step(async () => {
    await tools.wait(TOOLS_FOR.engine);
    await stack.prepare();
    await stack.up(sandbox.fluxApplied);
    await sandbox.confirmFlux();
  });
  await progress.step(() => sandbox.cluster.ready());
  const lines = await progress.step(async () => {
    await tools.all();
    return prove({ layout, env: insideSandbox(layout), outputs: await stack.outputs(), sandbox });
  });

  console.log("\nProved:");
  for (const line of lines) console.log(`  ✓ ${line}`);
  for (const { name, version, origin } of plugins) console.log(`  plugin ${name} ${version}: ${origin}`);
  console.log(`  ${seconds(progress.elapsedMs)} in all`);
  console.log(TRY_NEXT);
}
