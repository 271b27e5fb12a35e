import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ciFileText } from "../../components/gitlab/pipeline-texts";
import { run } from "../../sandbox/processes/run";
import { ruleFor } from "../cli/chart/support/chart-project";
import { NamespacedVault } from "../cli/login/support/namespaced-vault";
import { secret } from "../cli/rewrap/support/sops-repository";
import { APP, APP_FILES, commitToApp, letAppIn, VALUES } from "./support/app-project";
import { DEPLOY } from "./support/deploy-project";
import { DeployRepository, FILE } from "./support/deploy-repository";
import { roleOf } from "./support/job-roles";
import { expectCleanTraces } from "./support/traces";

const NAMESPACE = "team/a";

let deploy: DeployRepository;
let front: NamespacedVault;

/** Without holding up the server in front of Vault, which is a part of this very process. */
function sops(...words: string[]): Promise<string> {
  const { folder, env } = deploy.tree;
  return run("sops", words, { cwd: folder, env });
}

/** The program's own files, for a key, roles and an auth method that are all in one namespace. */
beforeAll(async () => {
  deploy = await DeployRepository.create();
  front = await NamespacedVault.start(deploy.vault, NAMESPACE);
  await letAppIn(
    deploy,
    Object.entries(VALUES).map(([name, value]) => ({ name, value, environment: APP.environment })),
  );
  const { ".gitlab-ci.yml": _, ...app } = APP_FILES;
  await commitToApp(deploy, app);
  // As people have it for other jobs of theirs: it is no business of these.
  await deploy.api.ProjectVariables.create(DEPLOY, "VAULT_NAMESPACE", NAMESPACE);

  const roles = { rewrap: roleOf("rewrap"), status: roleOf("status"), chart: roleOf("chart") };
  const login = { address: front.address, namespace: NAMESPACE, mount: "gitlab", roles };
  const text = ciFileText({ login, branch: "main", runnerTags: [], app: APP });
  // The roles are bound to the address of the Vault behind.
  const audience = (address: string) => `vault-audience: ${address}\n`;
  const ciFile = text.replaceAll(audience(front.address), audience(deploy.vault.address));
  const rules = ruleFor(deploy.vault).replace(
    `${deploy.vault.address}/v1/`,
    `${front.address}/v1/${NAMESPACE}/`,
  );
  deploy.tree.write(".sops.yaml", rules);
  deploy.tree.write(FILE, secret("base"));
  await sops("encrypt", "--in-place", FILE);
  const encrypted = deploy.tree.read(FILE);
  const files = { ".sops.yaml": rules, [FILE]: encrypted, ".gitlab-ci.yml": ciFile };
  await deploy.jobs(await deploy.pipelineAfter("push", () => deploy.publish(files)));
});
afterAll(async () => {
  await deploy?.close();
  await front?.stop();
});
afterEach(() => expectCleanTraces(deploy.server, Object.values(VALUES)));

test("the rewrap job", async () => {
  const rotated = await deploy.vault.rotate();
  const { status, trace } = await deploy.onlyJob(await deploy.trigger(), "rewrap");
  expect(trace).toContain("Pushed to refs/heads/main.");
  expect(status).toBe("success");
  await deploy.pull();
  expect(deploy.tree.read(FILE)).toContain(`engine_path: ${NAMESPACE}/transit`);
  expect(deploy.tree.read(FILE)).toContain(`vault:v${rotated}:`);
});

test("the chart job, whose sops encrypts", async () => {
  const { status, trace } = await deploy.onlyJob(await deploy.runByHand(), "chart");
  expect(trace).toContain("Pushed to refs/heads/main.");
  expect(status).toBe("success");
  await deploy.pull();
  const path = "apps/shop/secrets/api.sops.yaml";
  expect(deploy.tree.read(path)).toContain(`engine_path: ${NAMESPACE}/transit`);
  expect(await sops("decrypt", path)).toContain(Buffer.from(VALUES.API_KEY).toString("base64"));
});

test("the status job", async () => {
  const { "sopsloop-status": job } = await deploy.jobs(
    await deploy.pipelineAfter("push", () => deploy.publish({ "README.md": "Nothing\n" })),
  );
  expect(job).toMatchObject({ status: "success" });
});
