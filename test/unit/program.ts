import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { AZURE_COMPUTED } from "./azure/computed";
import { type BuildOptions, type Built, build, type Computed } from "./harness";

/** What the program reads of resources that only a server can fill in. */
const COMPUTED: Computed = {
  ...AZURE_COMPUTED,
  "vault:transit/secretBackendKey:SecretBackendKey": {
    latestVersion: 1,
    keys: [{ id: "1790000000" }],
  },
  "gitlab:index/pipelineTrigger:PipelineTrigger": { token: "the-trigger-token", pipelineTriggerId: 1 },
  "gitlab:index/pipelineSchedule:PipelineSchedule": { pipelineScheduleId: 2 },
  "kubernetes:core/v1:Secret": {
    data: {
      token: Buffer.from("the-jwt").toString("base64"),
      "ca.crt": Buffer.from("the-ca").toString("base64"),
    },
  },
};

export interface Program extends Built {
  /** Stack outputs, resolved. */
  readonly exported: Record<string, unknown>;
}

/** Addresses that the last run would have waited for. */
export const awaited: string[] = [];

/** Runs index.ts itself under mocks with the given config (keys without the project's prefix). */
export async function runProgram(
  config: Record<string, unknown>,
  options: BuildOptions = {},
): Promise<Program> {
  vi.resetModules();
  awaited.length = 0;
  // Nothing is out there to answer.
  vi.doMock("../../components/azure/relay-answers", () => ({
    relayAnswers: async (url: string) => void awaited.push(url),
  }));
  vi.stubEnv(
    "PULUMI_CONFIG_SECRET_KEYS",
    JSON.stringify(["sopsloop:alertAddress", "sopsloop:gitlabVariables", "sopsloop:relayReadToken"]),
  );
  const flat = Object.entries(config).map(([key, value]) => [
    `sopsloop:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  let exported: Record<string, unknown> = {};
  const built = await build(
    async () => {
      pulumi.runtime.setAllConfig(Object.fromEntries(flat));
      // Registered as a component's outputs are, so that they come back resolved and with their secrets marked.
      const program = await import("../../index");
      await program.audit;
      class Outputs extends pulumi.ComponentResource {
        constructor() {
          super("test:index:Outputs", "outputs");
          this.registerOutputs({ ...program });
        }
      }
      new Outputs();
    },
    { computed: COMPUTED, ...options },
  );
  for (const [urn, outputs] of built.outputs)
    if (urn.endsWith("test:index:Outputs::outputs")) exported = outputs;
  return { ...built, exported };
}
