import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { insideSandbox } from "./person-environment";
import { installPolicyPack } from "./policy-pack";
import { identityOf } from "./processes/process-identity";
import { run } from "./processes/run";
import type { Layout } from "./servers/layout";

/** Not a secret: see docs/decisions/0002-sandbox-passphrase.md. */
const PASSPHRASE = "sopsloop-sandbox";

const STACK = "dev";

/** What the sandbox reads of the program's outputs. */
export interface DevOutputs {
  readonly sopsConfig: string;
  readonly loginPath: string;
  readonly vaultTransitUri: string;
  readonly decryptRoles: Readonly<Record<string, string>>;
  readonly policyNames: { readonly status: string; readonly pipeline: string };
  /** Absent where the stack has no GitLab. */
  readonly gitlab?: {
    readonly authPath: string;
    readonly sweepId: number;
    readonly roles: { readonly rewrap: string; readonly chart?: string };
  };
  /** Absent where the stack has no Azure. */
  readonly azure?: {
    /** URLs of the keys, without a version. */
    readonly keys: readonly string[];
  };
}

/** The stack `dev` of a checkout, driven by the real Pulumi CLI with a file backend inside the sandbox. */
export class DevStack {
  constructor(
    private readonly checkout: string,
    private readonly layout: Layout,
  ) {}

  /** Makes the stack once. The committed Pulumi.dev.yaml stays as it is. */
  async prepare(): Promise<void> {
    const { home, state, passphrase } = this.layout.pulumi;
    for (const folder of [home, state]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(passphrase, PASSPHRASE, { mode: 0o600 });
    if (!existsSync(join(state, ".pulumi", "stacks", "sopsloop", `${STACK}.json`))) {
      await this.pulumi("stack", "init", STACK);
    }
    if (this.abandoned()) await this.pulumi("cancel", "--yes", STACK);
  }

  /**
   * `pulumi up`, refused where the program breaks a mandatory policy. With `refresh`, the live systems are read first, for when somebody
   * else has changed them.
   */
  async up(refresh: boolean): Promise<void> {
    const pack = installPolicyPack(this.layout);
    const args = ["up", "--yes", "--skip-preview", "--suppress-outputs", `--stack=${STACK}`];
    await this.show(...args, `--policy-pack=${pack}`, ...(refresh ? ["--refresh"] : []));
  }

  async outputs(): Promise<DevOutputs> {
    return JSON.parse(await this.pulumi("stack", "output", "--json", `--stack=${STACK}`)) as DevOutputs;
  }

  /** Whether a deployment that no longer runs has left its lock. */
  private abandoned(): boolean {
    const folder = join(this.layout.pulumi.state, ".pulumi", "locks", "organization", "sopsloop", STACK);
    if (!existsSync(folder)) return false;
    const holders = readdirSync(folder).map(
      (file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as { pid: number },
    );
    return holders.length > 0 && holders.every(({ pid }) => identityOf(pid) === undefined);
  }

  private pulumi(...args: string[]): Promise<string> {
    return run("pulumi", ["--non-interactive", ...args], {
      cwd: this.checkout,
      env: insideSandbox(this.layout),
    });
  }

  /** Its output goes to standard error: that of our own commands is for results. */
  private async show(...args: string[]): Promise<void> {
    await run("pulumi", ["--non-interactive", ...args], {
      cwd: this.checkout,
      env: insideSandbox(this.layout),
      show: true,
    });
  }
}
