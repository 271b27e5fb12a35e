import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../../../cli/program";
import { encrypt } from "../../../cli/verify/end-to-end/encrypt";
import { tryRun } from "../../../sandbox/processes/run";
import { recordedIo } from "../rewrap/support/recorded-io";
import { SopsRepository, secret } from "../rewrap/support/sops-repository";
import { KEY, MOUNT, SopsVault } from "../rewrap/support/sops-vault";
import { JwtAuth } from "./support/jwt-auth";
import { NamespacedVault } from "./support/namespaced-vault";

const FILE = "apps/a.yaml";
const NAMESPACE = "team/a";

let vault: SopsVault;
let front: NamespacedVault;
let jwt: JwtAuth;

beforeAll(async () => {
  vault = await SopsVault.start();
  front = await NamespacedVault.start(vault, NAMESPACE);
  jwt = await JwtAuth.enable(vault);
  await jwt.role("sops-status", "status");
  await jwt.role("sops-rewrap", "rewrap");
  await jwt.role("sops-data-keys", "guide", "rewrap");
});
afterAll(async () => {
  await front.stop();
  await vault.stop();
});

/** A file whose key is named by this path, wrapped by an older version, in a repository of somebody with these variables. */
async function repositoryOf(path: string, env: Readonly<Record<string, string>> = {}) {
  const person = { VAULT_ADDR: front.address, VAULT_TOKEN: vault.rootToken, ...env };
  const repository = SopsRepository.create(person);
  const uri = `${front.address}/v1/${path}/keys/${KEY}`;
  repository.write(".sops.yaml", `creation_rules:\n  - hc_vault_transit_uri: ${uri}\n`);
  repository.write(FILE, secret("a"));
  expect(await sops(repository, "encrypt", "--in-place", FILE)).toMatchObject({ code: 0, stderr: "" });
  repository.commitAll();
  return { repository, version: await vault.rotate() };
}

/** Without holding up the server in front of Vault, which is a part of this very process. */
function sops({ folder, env }: SopsRepository, ...words: string[]) {
  return tryRun("sops", words, { cwd: folder, env });
}

async function expectToOpen(repository: SopsRepository): Promise<void> {
  expect((await sops(repository, "decrypt", FILE)).stdout).toContain("alpha: alpha-a");
}

async function run(repository: SopsRepository, ...words: string[]) {
  const io = recordedIo(repository.folder, repository.env);
  const code = await main(words, io);
  expect(io.out + io.err).not.toMatch(/eyJ|hv[sb]\./);
  return { code, out: io.out, err: io.err };
}

async function inJob(repository: SopsRepository, role: string, env: Readonly<Record<string, string>>) {
  return repository.with({ ...(await jwt.env(role)), VAULT_ADDR: front.address, ...env });
}

describe("files that name the namespace in the key's path, as the program's .sops.yaml does", () => {
  let repository: SopsRepository;
  let version: number;
  beforeAll(async () => {
    ({ repository, version } = await repositoryOf(`${NAMESPACE}/${MOUNT}`));
  });
  afterAll(() => repository.remove());

  test.each([
    ["", {}],
    [", whatever the project's variables are", { VAULT_NAMESPACE: NAMESPACE }],
  ])("a job logs in within it%s", async (_, variables) => {
    const job = (role: string) => inJob(repository, role, { VAULT_AUTH_NAMESPACE: NAMESPACE, ...variables });
    const { code, out } = await run(await job("sops-status"), "status", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out).findings).toMatchObject([{ check: "stale", path: FILE }]);
    expect(await run(await job("sops-rewrap"), "rewrap")).toMatchObject({ code: 0 });
    expect(repository.read(FILE)).toContain(`vault:v${version}:`);
    repository.git("checkout", "--quiet", "--", ".");
    // The real sops.
    expect(await run(await job("sops-data-keys"), "rewrap", "--data-keys")).toMatchObject({ code: 0 });
    expect(repository.read(FILE)).toContain(`vault:v${version}:`);
    await expectToOpen(repository);
    repository.git("checkout", "--quiet", "--", ".");
  });

  test("a job that is not told where the auth method is", async () => {
    const { code, err } = await run(await inJob(repository, "sops-status", {}), "rewrap");
    expect(code).toBe(1);
    expect(err).toBe(
      `sopsloop: Vault at ${front.address} has no jwt auth method at auth/gitlab, or does not let this job log in there; are VAULT_AUTH_PATH and VAULT_AUTH_NAMESPACE (else VAULT_NAMESPACE) right?\n`,
    );
  });

  test("a person needs no variable for it", async () => {
    expect(await run(repository, "status")).toMatchObject({ code: 1, err: "" });
    await expectToOpen(repository);
  });

  test("a person's VAULT_NAMESPACE is a namespace within the namespace, to sops too", async () => {
    const misled = repository.with({ VAULT_NAMESPACE: `${NAMESPACE}/` });
    const opened = await sops(misled, "decrypt", FILE);
    expect(opened.code).not.toBe(0);
    expect(opened.stderr).toContain(`no handler for route "${NAMESPACE}/${NAMESPACE}/`);
    const { code, err } = await run(misled, "rewrap");
    expect(code).toBe(1);
    expect(err).toContain(
      `Vault at ${front.address} looked for "${NAMESPACE}/${MOUNT}" inside of the namespace "${NAMESPACE}", which that path begins with already; unset VAULT_NAMESPACE (sops fails by it too)`,
    );
  });

  test("verify's sops goes by the path alone, since the program's rule names it there", async () => {
    const misled = repository.with({ VAULT_NAMESPACE: NAMESPACE });
    const wish = { plaintext: secret("b"), path: FILE, config: repository.read(".sops.yaml") };
    const made = await encrypt({ ...wish, aside: repository.folder }, recordedIo(misled.folder, misled.env));
    expect(made).toContain(`engine_path: ${NAMESPACE}/${MOUNT}`);
  });
});

describe("files that leave it to VAULT_NAMESPACE", () => {
  test("a person and a job have the variable, and so has sops", async () => {
    const { repository, version } = await repositoryOf(MOUNT, { VAULT_NAMESPACE: NAMESPACE });
    expect(await run(repository, "status")).toMatchObject({ code: 1, err: "" });
    const job = await inJob(repository, "sops-data-keys", {});
    expect(await run(job, "rewrap", "--data-keys")).toMatchObject({ code: 0 });
    expect(repository.read(FILE)).toContain(`vault:v${version}:`);
    await expectToOpen(repository);
    repository.remove();
  });
});
