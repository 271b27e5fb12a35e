import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { SECRET_HEADER } from "../../../../relay/auth/shared-secret";
import { type RelayProcess, startProcess } from "../../support/relay-process";
import { GitLabProcess } from "./gitlab-process";
import { KEY, RotatedKey, SUBSCRIPTION, VAULT } from "./rotated-key";
import { DEPLOY_ID, TriggerProject, type TriggerToken } from "./trigger-project";

const ROOT = join(__dirname, "..", "..", "..", "..");
/** The command as people start it. */
export const SOPSLOOP = join(ROOT, "cli", "launcher", "sopsloop.cjs");
/** What no log may hold. */
const LEAKS = /glptt-|glpat-|Bearer|code=|x-relay-secret/i;

/** Where a relay finds GitLab: itself, or something in front of it. */
export interface GitLabAddress {
  readonly address: string;
  /** File with the certificate authority. */
  readonly ca: string;
}

export interface RelayStart {
  /** @default GitLab itself */
  readonly gitlab?: GitLabAddress;
  readonly env?: Readonly<Record<string, string>>;
  /** A file that is loaded before it. */
  readonly before?: string;
}

/**
 * The loop from a key to a pipeline: Key Vault and Event Grid on a clock of their own, `sopsloop relay` as a process, GitLab as another.
 * Nothing in it is ours to look into but what their own APIs tell.
 */
export class RotationLoop {
  readonly secret = randomBytes(32).toString("hex");
  private readonly folder = mkdtempSync(join(tmpdir(), "sopsloop-loop-"));
  private readonly relays: RelayProcess[] = [];
  private readonly secrets: string[] = [this.secret];
  /** Of all pipelines there have to be: one for each. */
  private readonly versions: string[] = [];
  private used: TriggerToken | undefined;

  private constructor(
    readonly key: RotatedKey,
    readonly gitlab: GitLabProcess,
    readonly project: TriggerProject,
  ) {}

  static async create(): Promise<RotationLoop> {
    const gitlab = await GitLabProcess.create();
    const key = await RotatedKey.create().catch(async (error: unknown) => {
      await gitlab.close();
      throw error;
    });
    const loop = new RotationLoop(key, gitlab, new TriggerProject(gitlab));
    try {
      await loop.project.fill();
      loop.use(await loop.newToken());
      loop.read(await loop.project.newReadToken());
      await loop.startRelay();
      await key.subscribe(SECRET_HEADER, loop.secret);
      return loop;
    } catch (error) {
      await loop.close();
      throw error;
    }
  }

  /** The trigger token that relays use. */
  get token(): TriggerToken {
    if (this.used === undefined) throw new Error("there is no trigger token so far");
    return this.used;
  }

  /** A path of this loop's own. */
  place(name: string): string {
    return join(this.folder, name);
  }

  /** What a relay needs to know. */
  settings({ address, ca }: GitLabAddress = this.gitlab): Readonly<Record<string, string>> {
    return {
      GITLAB_URL: address,
      GITLAB_PROJECT: String(DEPLOY_ID),
      GITLAB_TRIGGER_TOKEN_FILE: this.place("token"),
      GITLAB_READ_TOKEN_FILE: this.place("read-token"),
      NODE_EXTRA_CA_CERTS: ca,
      RELAY_AUTH: "secret",
      RELAY_SECRET: this.secret,
      RELAY_KEYS: `${VAULT}/${KEY}`,
      RELAY_SUBSCRIPTIONS: SUBSCRIPTION,
      RELAY_CLAIMS: this.place("claims"),
    };
  }

  /** Starts `sopsloop relay`, which Event Grid finds from now on. */
  async startRelay({ gitlab, env, before }: RelayStart = {}): Promise<RelayProcess> {
    const loaded = before === undefined ? [] : ["--require", before];
    const words = [...loaded, SOPSLOOP, "relay", "--listen", "127.0.0.1:0"];
    const relay = await startProcess(words, { ...this.settings(gitlab), ...env });
    this.relays.push(relay);
    this.leadTo(relay);
    return relay;
  }

  /** Lets Event Grid find this one. */
  leadTo(relay: RelayProcess): void {
    this.key.leadTo(relay.url);
  }

  /** Ends the relay, and starts another in its place. */
  async replaceRelay(start: RelayStart = {}): Promise<RelayProcess> {
    await this.relays.at(-1)?.end();
    return this.startRelay(start);
  }

  async newToken(): Promise<TriggerToken> {
    const token = await this.project.newToken();
    this.secrets.push(token.token);
    return token;
  }

  /** Has relays use this trigger token, those that run as well. */
  use(token: TriggerToken): void {
    this.used = token;
    writeFileSync(this.place("token"), token.token, { mode: 0o600 });
  }

  private read(token: string): void {
    this.secrets.push(token);
    writeFileSync(this.place("read-token"), token, { mode: 0o600 });
  }

  /** Rotates the key. @returns the new version, which has to get its pipeline */
  async rotate(): Promise<string> {
    const version = await this.key.rotate();
    this.versions.push(version);
    return version;
  }

  /** A version that the key got by itself has to get its pipeline, too. */
  expectVersion(version: string): void {
    this.versions.push(version);
  }

  /** Each version has its pipeline, and there is no other; no event is on its way any more; no relay has told a secret. */
  async expectOnePipelineEach(): Promise<void> {
    const told = await this.project.told();
    expect(told.toSorted()).toEqual(
      this.versions.map((version) => `azure_kv ${VAULT}/${KEY} ${version}`).toSorted(),
    );
    expect(this.key.pending).toBe(0);
    this.expectCleanLogs();
  }

  expectCleanLogs(): void {
    for (const { out, err } of this.relays) {
      const all = `${out}${err}`;
      expect(all).not.toMatch(LEAKS);
      expect(this.secrets.filter((secret) => all.includes(secret))).toEqual([]);
    }
  }

  async close(): Promise<void> {
    for (const relay of this.relays) await relay.end("SIGKILL");
    await this.key.close();
    await this.gitlab.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
