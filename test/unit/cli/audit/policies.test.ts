import { describe, expect, test } from "vitest";
import { auditReport } from "../../../../cli/audit/report-schema";
import type { AuditOptions } from "../../../../cli/commands/audit";
import { audited } from "./support/audited";
import { exported, resource, transitKey } from "./support/stack";

const prod = exported([transitKey("transit", "sops")]);
/** The same stack under another name, as it would be with a copied config. */
const dev = JSON.parse(JSON.stringify(prod).replaceAll("urn:pulumi:prod::", "urn:pulumi:dev::"));
const ownKey = JSON.parse(JSON.stringify(dev).replaceAll("keys/sops", "keys/sops-dev"));

const key = resource("vault:transit/secretBackendKey:SecretBackendKey", "transit-sops", {
  ...{ backend: "transit", name: "sops", type: "aes256-gcm96", exportable: true },
}) as { readonly urn: string };
const preview = { steps: [{ op: "update", urn: key.urn, newState: key }], changeSummary: { update: 1 } };

const FILES = {
  "prod.json": prod,
  "dev.json": dev,
  "own.json": ownKey,
  "preview.json": preview,
  "nothing.json": { changeSummary: { same: 3 }, duration: 1 },
  "foreign.json": {
    steps: [
      {
        op: "create",
        urn: key.urn.replace("prod", "dev"),
        newState: { ...key, urn: key.urn.replace("prod", "dev") },
      },
    ],
    changeSummary: { create: 1 },
  },
  "events.json": '{"sequence":1}\n{"sequence":2}\n',
};

async function rules(options: AuditOptions): Promise<string[]> {
  const { out } = await audited(
    { export: "prod.json", policies: true, format: "json", failOn: "never", ...options },
    FILES,
  );
  const { findings } = auditReport.parse(JSON.parse(out));
  return findings.filter(({ origin }) => origin === "policy").map(({ id }) => id);
}

describe("--beside", () => {
  test("tells that production shares its key with another stack", async () => {
    expect(await rules({})).not.toContain("loop-environment-own-key");
    expect(await rules({ beside: ["own.json", "dev.json"] })).toContain("loop-environment-own-key");
    expect(await rules({ beside: ["own.json"] })).not.toContain("loop-environment-own-key");
  });

  test("leaves what the others break to their own reports", async () => {
    const alone = await rules({});
    expect(alone.length).toBeGreaterThan(0);
    expect(await rules({ beside: ["own.json"] })).toEqual(alone);
  });
});

describe("--preview", () => {
  test("judges what the stack would be", async () => {
    expect(await rules({})).not.toContain("vault-transit-key-unexportable");
    expect(await rules({ preview: "preview.json" })).toContain("vault-transit-key-unexportable");
  });

  test("that changes nothing is judged as what is", async () => {
    expect(await rules({ preview: "nothing.json" })).toEqual(await rules({}));
  });
});

describe("wrong usage: one line that says how to mend it, and exit code 2", () => {
  test.each<[AuditOptions, string]>([
    [{ beside: ["dev.json"] }, "--beside is for --policies; give both"],
    [{ preview: "preview.json" }, "--preview is for --policies; give both"],
    [
      { policies: true, beside: ["prod.json"] },
      "--beside prod.json: is of the stack prod too, which the report is of; give the export of another",
    ],
    [{ policies: true, beside: ["none.json"] }, "--beside none.json: cannot be read (ENOENT); name a file"],
    [
      { policies: true, beside: ["preview.json"] },
      "--beside preview.json: is not what is expected there; write it with: pulumi stack export",
    ],
    [
      { policies: true, preview: "foreign.json" },
      "--preview foreign.json: is of the stack dev, the report is of prod; give one of the same stack",
    ],
    [
      { policies: true, preview: "prod.json" },
      "--preview prod.json: is not what is expected there; write it with: pulumi preview --json, without PULUMI_ENABLE_STREAMING_JSON_PREVIEW",
    ],
    [
      { policies: true, preview: "events.json" },
      "--preview events.json: is not JSON; write it with: pulumi preview --json, without PULUMI_ENABLE_STREAMING_JSON_PREVIEW",
    ],
  ])("%j", async (options, message) => {
    await expect(audited({ export: "prod.json", ...options }, FILES)).rejects.toMatchObject({
      name: "CliError",
      exitCode: 2,
      message,
    });
  });
});
