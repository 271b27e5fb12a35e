import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { SopsVault } from "../../rewrap/support/sops-vault";
import { ChartProject, type Ran } from "./chart-project";

/** Where the mapping declares its two Secrets, as messages have it. */
export const AT_DATABASE = "secrets.yaml:2: Secret shop/database";
export const AT_TLS = "secrets.yaml:9: Secret edge/tls";

/** A Vault for the whole file, and for each test a project of its own, which only what the test does stands in the way of. */
export interface RefusalStage {
  readonly vault: SopsVault;
  readonly project: ChartProject;
  /** Its lines on stderr; nothing was written. */
  linesOf(ran: Ran, expected: 1 | 2): string[];
}

/** Sets the hooks of a test file. What it gives is there in tests alone. */
export function refusalStage(): RefusalStage {
  let vault: SopsVault;
  let project: ChartProject;

  beforeAll(async () => {
    vault = await SopsVault.start();
  });
  afterAll(() => vault.stop());
  beforeEach(async () => {
    project = await ChartProject.create(vault);
    return () => project.remove();
  });

  return {
    get vault() {
      return vault;
    },
    get project() {
      return project;
    },
    linesOf({ code, out, err }, expected) {
      expect({ code, out }).toEqual({ code: expected, out: "" });
      expect(project.deploy.status()).toBe("");
      expect(project.deploy.missing("apps")).toBe(true);
      return err.split("\n").flatMap((line) => (line.startsWith("sopsloop: ") ? [line.slice(10)] : []));
    },
  };
}
