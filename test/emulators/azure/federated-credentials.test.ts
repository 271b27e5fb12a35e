import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GROUP, judges } from "./support/judges";
import { AUDIENCE, IDENTITY, SUBJECT, type WorkloadStage, workloadStage } from "./support/workload-stage";

let stage: WorkloadStage;

beforeAll(async () => {
  stage = await workloadStage();
});
afterAll(() => stage.close());

describe("federated credentials, as @azure/arm-msi makes them", () => {
  it("are kept, listed and deleted", async () => {
    const { federatedIdentityCredentials } = judges(stage.azure).identities;
    expect(await stage.trust("kept")).toMatchObject({ subject: "kept", audiences: [AUDIENCE] });
    const names = [];
    for await (const { name } of federatedIdentityCredentials.list(GROUP, IDENTITY)) names.push(name);
    expect(names).toEqual(["gitlab", "kept"]);
    await federatedIdentityCredentials.delete(GROUP, IDENTITY, "kept");
    await expect(federatedIdentityCredentials.get(GROUP, IDENTITY, "kept")).rejects.toMatchObject({
      statusCode: 404,
    });
  });

  it("are refused when two are written at the same time, and when they say the same twice", async () => {
    const results = await Promise.allSettled([stage.trust("at-once-1"), stage.trust("at-once-2")]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = results.find((one) => one.status === "rejected");
    expect(refused?.reason).toMatchObject({
      statusCode: 409,
      code: "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
    });
    await expect(stage.trust("twin", { subject: SUBJECT })).rejects.toMatchObject({ statusCode: 409 });
    await expect(stage.trust("plain", { issuer: "http://example.com" })).rejects.toMatchObject({
      statusCode: 400,
    });
    await expect(stage.trust("many", { audiences: ["a", "b"] })).rejects.toMatchObject({ statusCode: 400 });
  });
});
