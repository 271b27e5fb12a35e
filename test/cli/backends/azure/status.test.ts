import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { statusReport } from "../../../../cli/status/report-schema";
import { secret } from "../../rewrap/support/sops-repository";
import { AzureRepository } from "./support/azure-repository";
import { EmulatedAzure } from "./support/emulated-azure";
import type { EmulatedKey } from "./support/emulated-key";

describe("the status job of a merge request", () => {
  let azure: EmulatedAzure;
  let repository: AzureRepository;
  let keys: readonly [EmulatedKey, EmulatedKey];

  beforeAll(async () => {
    azure = await EmulatedAzure.start();
  });
  afterAll(() => azure.stop());
  beforeEach(async () => {
    vi.stubEnv("HTTPS_PROXY", azure.proxyAddress);
    keys = [await azure.newKey(), await azure.newKey(1)];
    repository = await AzureRepository.create(azure);
    repository.rules({ azure_keyvault: keys.map(({ url }) => url).join(",") });
    await repository.encrypt("a.sops.yaml", secret("a"));
    repository.git.commitAll();
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    repository.git.remove();
  });

  /** An ID token of a branch that no credential names. */
  const ofFeature = async () => ({
    AZURE_ID_TOKEN: await azure.idToken({ sub: "project_path:platform/deploy:ref_type:branch:ref:feature" }),
  });
  const MERGE_REQUEST = { CI_PIPELINE_SOURCE: "merge_request_event" };

  test("does not look at keys of Azure, says so in a line, and finds nothing in that", async () => {
    const report = join(repository.git.folder, ".git", "report.json");
    const words = ["status", "--json", `--code-quality=${report}`];
    const { code, out, err } = await repository.call("status", words, {
      ...MERGE_REQUEST,
      ...(await ofFeature()),
    });
    const urls = keys.map(({ url }) => url).toSorted();
    expect({ code, err }).toEqual({
      code: 0,
      err: `sopsloop: note: ${urls.join(", ")} not looked at: a merge request's job is of another branch than the identity trusts (AADSTS700213); the job of the branch that is merged into looks at them\n`,
    });
    const { summary, keys: told, findings } = statusReport.parse(JSON.parse(out));
    expect({ summary, findings }).toEqual({
      summary: { files: 1, fresh: 0, stale: 0, unknown: 1, notLookedAt: 1, findings: 0 },
      findings: [],
    });
    expect(told.map(({ key, notLookedAt }) => [key, notLookedAt])).toEqual(urls.map((url) => [url, true]));
    expect(JSON.parse(readFileSync(report, "utf8"))).toEqual([]);
  });

  test("looks at them where a credential trusts its branch too", async () => {
    await keys[0].rotate();
    const { code, out } = await repository.call("status", ["status"], MERGE_REQUEST);
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining("1 stale") });
  });

  test("still fails where the refusal is of another kind", async () => {
    const env = {
      ...MERGE_REQUEST,
      AZURE_ID_TOKEN: await azure.idToken({ aud: "https://other.example.com" }),
    };
    const { code, out } = await repository.call("status", ["status"], env);
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining("AADSTS700212") });
  });

  test("a job of the branch itself that is a stranger to Azure is at fault", async () => {
    const { code, out, err } = await repository.call("status", ["status"], {
      ...(await ofFeature()),
      CI_PIPELINE_SOURCE: "push",
    });
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toContain("no federated credential of the identity has this ID token's issuer and subject");
  });
});
